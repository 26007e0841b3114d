/** Versions of what runs in a lab, asked of what runs. */
import type { Lab } from '../../lab/lab.ts'
import { ask } from '../../lab/images/run.ts'
import { backendNamed } from '../../lab/cluster/backends.ts'
import { hasCluster, hostNamed, servers } from '../../lab/topology/topology.ts'

/** How one version is found out: a command and the text in its output. */
interface Question {
  readonly name: string
  /** Nothing for a lab that has no such part. */
  readonly argv: (lab: Lab) => readonly string[] | undefined
  readonly answer: RegExp
}

/** On the first of these hosts that the lab has. */
const inHost = (hosts: readonly string[], ...argv: string[]) => (lab: Lab): readonly string[] | undefined => {
  const host = hosts.find(name => hostNamed(lab.topology, name) !== undefined)
  return host === undefined ? undefined : ['docker', 'exec', lab.container(host), ...argv]
}

/** As the cluster's administrator. */
const inFirstServer = (script: string) => (lab: Lab): readonly string[] | undefined =>
  !hasCluster(lab.topology) ? undefined : ['docker', 'exec', '--env', `KUBECONFIG=${backendNamed(lab.record.target).adminConfig}`,
    lab.container(servers(lab.topology)[0]?.name ?? ''), 'sh', '-c', script]

/** Register new questions here. What does not answer (HAProxy before it is installed) is left out. */
const questions: readonly Question[] = [
  { name: 'kind', argv: lab => lab.record.target === 'kind' && hasCluster(lab.topology) ? [lab.record.programs.kind, 'version'] : undefined, answer: /kind (v\S+)/ },
  { name: 'k3d', argv: lab => lab.record.programs.k3d !== undefined && hasCluster(lab.topology) ? [lab.record.programs.k3d, 'version'] : undefined, answer: /k3d version (v\S+)/ },
  // what stands in for it has another suffix, so that it is never shown as k3s
  { name: 'k3s', argv: inFirstServer('k3s --version'), answer: /k3s version (v\S+\+k3s\d+)/ },
  { name: 'kubernetes', argv: inFirstServer('kubectl version'), answer: /Server Version: (v\S+)/ },
  { name: 'etcd', argv: inFirstServer('crictl exec "$(crictl ps --name "^etcd$" -q | head -n 1)" etcd --version'), answer: /etcd Version: (\S+)/ },
  { name: 'containerd', argv: inFirstServer('containerd --version'), answer: /containerd \S+ (v?\d\S+)/ },
  { name: 'traefik', argv: inFirstServer(`kubectl -n kube-system exec daemonset/traefik -- /proc/1/exe version`), answer: /Version:\s+v?(\S+)/ },
  { name: 'coredns', argv: inFirstServer(`kubectl -n kube-system get deployment coredns -o jsonpath='{..image}'`), answer: /:v?(\S+)/ },
  { name: 'flannel', argv: inFirstServer(`kubectl -n kube-flannel get daemonset kube-flannel-ds -o jsonpath='{.spec.template.spec.containers[0].image}'`), answer: /:(v\S+)/ },
  { name: 'cilium', argv: inFirstServer(`kubectl -n kube-system get daemonset cilium -o jsonpath='{.spec.template.spec.containers[0].image}'`), answer: /:v?(\d[\w.-]*)/ },
  { name: 'kindnet', argv: inFirstServer(`kubectl -n kube-system get daemonset kindnet -o jsonpath='{..image}'`), answer: /:(v\S+)/ },
  { name: 'haproxy', argv: inHost(['lb'], 'haproxy', '-v'), answer: /HAProxy version (\S+)/ },
  { name: 'keepalived', argv: inHost(['lb'], 'sh', '-c', 'keepalived --version 2>&1'), answer: /Keepalived v(\S+)/ },
  { name: 'ufw', argv: inHost(['s1'], 'ufw', '--version'), answer: /ufw (\S+)/ },
  { name: 'debian', argv: inHost(['lb', 'client'], 'cat', '/etc/debian_version'), answer: /(\S+)/ },
  { name: 'systemd', argv: inHost(['lb', 'client'], 'systemctl', '--version'), answer: /systemd \d+ \(([^)]+)\)/ },
  { name: 'vegeta', argv: inHost(['client'], 'vegeta', '-version'), answer: /Version: (v?\S+)/ },
  { name: 'docker', argv: () => ['docker', 'version', '--format', '{{.Server.Version}}'], answer: /(\S+)/ },
  { name: 'kernel', argv: () => ['uname', '-r'], answer: /(\S+)/ },
]

/** Milliseconds for one answer. */
const PATIENCE = 15_000

export async function readVersions(lab: Lab): Promise<Readonly<Record<string, string>>> {
  const answers = await Promise.all(questions.map(async ({ name, argv, answer }) => {
    const asked = argv(lab)
    const out = asked === undefined ? undefined : await ask(asked, { timeout: PATIENCE })
    return [name, answer.exec(out ?? '')?.[1]] as const
  }))
  return Object.fromEntries(answers.filter((entry): entry is [string, string] => entry[1] !== undefined))
}
