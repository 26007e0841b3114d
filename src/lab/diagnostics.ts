/**
 * What a person would look at after a failure, saved while it is still there: the state of the cluster, of every node
 * and of every machine, one text file a question.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CommandFailed } from './images/run.ts'
import { exec } from './hosts/docker.ts'
import type { Lab } from './lab.ts'
import { servers } from './topology/topology.ts'

interface Look {
  /** Name of the file, without its ending. */
  readonly name: string
  /** Read on the first server (`cluster`), on every node or on every machine. */
  readonly on: 'cluster' | 'node' | 'machine'
  /** For bash; KUBECONFIG is the administrator's where there is a cluster. */
  readonly script: string
}

/** Register new questions here. */
const looks: readonly Look[] = [
  { name: 'events', on: 'cluster', script: 'kubectl get events --all-namespaces --sort-by=.lastTimestamp' },
  { name: 'objects', on: 'cluster', script: 'kubectl get nodes,pods,services,endpointslices,networkpolicies --all-namespaces -o wide' },
  { name: 'nodes', on: 'cluster', script: 'kubectl describe nodes' },
  { name: 'pods-not-ready', on: 'cluster', script: `kubectl get pods --all-namespaces -o json |
  jq -r '.items[] | select(all(.status.containerStatuses[]?; .ready) | not) | [.metadata.namespace, .metadata.name] | @tsv' |
  while read -r namespace pod; do kubectl -n "$namespace" describe pod "$pod"; done` },
  { name: 'logs', on: 'cluster', script: `kubectl get pods --all-namespaces --no-headers -o custom-columns=N:.metadata.namespace,P:.metadata.name |
  while read -r namespace pod; do
    echo "== $namespace/$pod"
    kubectl -n "$namespace" logs "$pod" --all-containers --tail=100 --timestamps 2>&1 || true
  done` },
  { name: 'cilium', on: 'cluster', script: `kubectl -n kube-system get daemonset cilium -o name >/dev/null 2>&1 || exit 0
kubectl -n kube-system exec daemonset/cilium -c cilium-agent -- cilium-dbg status --verbose` },
  { name: 'network', on: 'node', script: 'ip -d addr; ip rule; ip route show table all; bridge fdb show 2>/dev/null; ss -Hlntup' },
  { name: 'iptables', on: 'node', script: 'iptables-save' },
  { name: 'containers', on: 'node', script: 'crictl ps --all' },
  { name: 'journal', on: 'node', script: 'journalctl --no-pager --lines=400 --unit kubelet --unit containerd 2>/dev/null || true' },
  { name: 'network', on: 'machine', script: 'ip -d addr; ip rule; ip route; ss -Hlntup; iptables-save' },
  { name: 'journal', on: 'machine', script: 'journalctl --no-pager --boot --lines=400' },
  { name: 'haproxy', on: 'machine', script: `command -v haproxy >/dev/null || exit 0
haproxy -v; cat /etc/haproxy/haproxy.cfg; systemctl status haproxy --no-pager
for socket in /run/haproxy/*.sock; do
  [ -S "$socket" ] || continue
  for what in 'show info' 'show stat' 'show servers state' 'show errors'; do echo "== $what"; echo "$what" | socat - "$socket"; done
done` },
]

/** Milliseconds for one answer: a node that hangs must not hold up the others. */
const PATIENCE = 20_000

/**
 * Asks everything at once, and writes what came, also where it is an error.
 * @returns paths relative to the folder
 */
export async function diagnose(lab: Lab, folder: string): Promise<string[]> {
  const [first] = servers(lab.topology)
  const questions = looks.flatMap(({ name, on, script }) => {
    if (on === 'cluster') return first === undefined ? [] : [{ file: `cluster/${name}.txt`, host: first.name, script }]
    return lab.topology.hosts.filter(({ kind }) => (kind === 'machine') === (on === 'machine'))
      .map(host => ({ file: `${host.name}/${name}.txt`, host: host.name, script }))
  })
  const files = await Promise.all(questions.map(async ({ file, host, script }) => {
    const text = await ask(lab.container(host), `export KUBECONFIG=${lab.adminConfig}\n${script}`)
    if (text.trim() === '') return []
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), text, { mode: 0o600 })
    return [file]
  }))
  return files.flat().sort()
}

async function ask(container: string, script: string): Promise<string> {
  try {
    return await exec(container, ['bash', '-c', `{ ${script}\n} 2>&1`], { timeout: PATIENCE })
  } catch (error) {
    if (error instanceof CommandFailed) return `${error.message}\n`
    throw error
  }
}
