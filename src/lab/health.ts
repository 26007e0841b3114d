/** Whether a lab works, asked from where its users are. Every answer is a list of problems, empty when there is none. */
import { ask } from './images/run.ts'
import type { Kubectl } from './cluster/kubectl.ts'
import { exec, inspect } from './hosts/docker.ts'
import { servers, type Topology } from './topology/topology.ts'
import { APP } from './workloads/certificate.ts'

/** Where the client finds the authority of app.lan's certificate. */
export const APP_CA = '/etc/ssl/lab/app-ca.crt'

/** NodePorts of workloads/traefik.yaml. */
export const NODE_PORTS = { web: 30080, websecure: 30443, traefik: 30808 } as const

export async function powerProblems(containers: Readonly<Record<string, string>>): Promise<string[]> {
  const problems = await Promise.all(Object.entries(containers).map(async ([host, container]) => {
    const state = await inspect(container)
    if (state === undefined) return [`${host}: container ${container} is gone`]
    return state.running ? [] : [`${host} is off`]
  }))
  return problems.flat()
}

/** What a lab's cluster has to have. */
export interface Expected {
  readonly nodes: number
  /** What must run before anything else can, as `DaemonSet kube-proxy`. */
  readonly foundation: readonly string[]
  /** Whether an ingress controller and an application were put in. */
  readonly ingress: boolean
}

const INGRESS = ['Deployment echo', 'DaemonSet traefik']

/** Nodes are counted (kind returns without an error when a node never joined), and the network of each has to run. */
export const foundationProblems = (kubectl: Kubectl, { nodes, foundation }: Expected): Promise<string[]> =>
  problemsOf(kubectl, nodes, ['nodes', 'daemonsets'], foundation)

/** Every node, and every pod that a Deployment or a DaemonSet wants. */
export const clusterProblems = (kubectl: Kubectl, { nodes, foundation, ingress }: Expected): Promise<string[]> =>
  problemsOf(kubectl, nodes, ['nodes', 'daemonsets', 'deployments'], [...foundation, 'Deployment coredns', ...ingress ? INGRESS : []])

/** For a cluster without a network: its nodes are there, though not Ready, and the API answers. */
export async function joinedProblems(kubectl: Kubectl, nodes: number): Promise<string[]> {
  const out = await kubectl(['get', 'nodes', '--request-timeout=5s', '--output=name']).catch((error: Error) => error)
  if (out instanceof Error) return [noAnswer(out)]
  const counted = out.split('\n').filter(line => line !== '').length
  return counted === nodes ? [] : [`cluster: ${counted} nodes, expected ${nodes}`]
}

/** Of one DaemonSet, which has to have a ready pod on every node. */
export const daemonSetProblems = (kubectl: Kubectl, namespace: string, name: string, nodes: number): Promise<string[]> =>
  oneProblem(kubectl, namespace, `daemonset/${name}`, nodes)

export const deploymentProblems = (kubectl: Kubectl, namespace: string, name: string): Promise<string[]> =>
  oneProblem(kubectl, namespace, `deployment/${name}`, 0)

async function oneProblem(kubectl: Kubectl, namespace: string, name: string, nodes: number): Promise<string[]> {
  const out = await kubectl(['-n', namespace, 'get', name, '--ignore-not-found', '--request-timeout=5s', '--output=json']).catch((error: Error) => error)
  if (out === '') return [`cluster: no ${name} in ${namespace}`]
  return out instanceof Error ? [noAnswer(out)] : itemProblems(JSON.parse(out) as Item, nodes)
}

/** The problem that kubectl could not ask. */
export const noAnswer = (error: Error): string =>
  `cluster: kubectl gets no answer: ${error.message.split('\n').slice(1).join(' ').slice(0, 300)}`

export interface Item {
  readonly kind: string
  readonly metadata: { readonly name: string, readonly generation?: number, readonly annotations?: Readonly<Record<string, string>> }
  readonly spec: { readonly replicas?: number }
  readonly status: {
    readonly conditions?: readonly { readonly type: string, readonly status: string }[]
    readonly observedGeneration?: number
    readonly updatedReplicas?: number
    readonly readyReplicas?: number
    readonly updatedNumberScheduled?: number
    readonly numberReady?: number
  }
}

/** One call of kubectl: this is asked again and again while the machine has better things to do. */
async function problemsOf(
  kubectl: Kubectl, nodes: number, resources: readonly string[], wanted: readonly string[],
): Promise<string[]> {
  let items: Item[]
  try {
    const out = await kubectl(['get', resources.join(','), '--all-namespaces', '--request-timeout=5s', '--output=json'])
    items = (JSON.parse(out) as { items: Item[] }).items
  } catch (error) {
    return [noAnswer(error as Error)]
  }
  const counted = items.filter(({ kind }) => kind === 'Node').length
  const there = new Set(items.map(({ kind, metadata }) => `${kind} ${metadata.name}`))
  return [
    ...counted === nodes ? [] : [`cluster: ${counted} nodes, expected ${nodes}`],
    ...wanted.filter(name => !there.has(name)).map(name => `cluster: no ${name}`),
    ...items.flatMap(item => itemProblems(item, nodes)),
  ]
}

/** @param nodes on which a DaemonSet has to have a pod */
export function itemProblems({ kind, metadata: { name, generation }, spec, status }: Item, nodes: number): string[] {
  if (kind === 'Node') {
    return status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ? [] : [`node ${name} is not Ready`]
  }
  const [wanted, updated, ready] = kind === 'DaemonSet'
    ? [nodes, status.updatedNumberScheduled, status.numberReady]
    : [spec.replicas ?? 1, status.updatedReplicas, status.readyReplicas]
  const settled = status.observedGeneration === generation && (updated ?? 0) === wanted && (ready ?? 0) === wanted
  return settled ? [] : [`${kind} ${name}: ${ready ?? 0} of ${wanted} pods ready`]
}

/** Runs on the client; one line for each thing that does not answer. $1 the application or empty, $2 its authority, then the servers. */
const PROBE = `app=$1 ca=$2; shift 2
try() { what=$1; shift; out=$("$@" 2>&1) || printf '%s: %s\\n' "$what" "$(printf %s "$out" | tail -n 1)"; }
for server; do
  try "client -> API of $server" kubectl --request-timeout=4s --server "https://$server:6443" get --raw /readyz &
  [ -n "$app" ] || continue
  try "client -> http://$server:${NODE_PORTS.web}" curl -fsS -o /dev/null -m 4 -H "Host: $app" "http://$server:${NODE_PORTS.web}/" &
  try "client -> https://$server:${NODE_PORTS.websecure}" curl -fsS -o /dev/null -m 4 --cacert "$ca" \\
    --connect-to "$app:443:$server:${NODE_PORTS.websecure}" "https://$app/" &
  try "client -> http://$server:${NODE_PORTS.traefik}/ping" curl -fsS -o /dev/null -m 4 "http://$server:${NODE_PORTS.traefik}/ping" &
done
wait`

/** The way of a user: from the client over the LAN to the API of each server with its certificate verified, and to the application. */
export async function trafficProblems(client: string, topology: Topology): Promise<string[]> {
  const out = await ask(['docker', 'exec', client, 'sh', '-c', PROBE, 'probe', topology.ingress ? APP : '', APP_CA,
    ...servers(topology).map(({ address }) => address)])
  if (out === undefined) return ['client: does not take commands']
  return out.split('\n').filter(line => line !== '')
}

/** Where kube-proxy tells of its health and its metrics (its flags --healthz-bind-address and --metrics-bind-address, Kubernetes 1.36). */
const PROXY_PORTS = [10256, 10249]

/**
 * kube-proxy serves on every node. Its pod is Ready from its first moment, for it has no probe: while etcd takes in
 * members it waits for an API server that gives no answer, and listens only afterwards.
 */
export async function proxyProblems(containers: Readonly<Record<string, string>>): Promise<string[]> {
  const asked = PROXY_PORTS.map(port => `curl --silent --max-time 2 --output /dev/null http://127.0.0.1:${port}/ || echo ${port}`).join('\n')
  const problems = await Promise.all(Object.entries(containers).map(async ([host, container]) => {
    const silent = await exec(container, ['bash', '-c', asked]).catch((error: Error) => error)
    if (silent instanceof Error) return [`${host}: ${silent.message}`]
    return silent.split('\n').filter(line => line !== '').map(port => `${host}: kube-proxy does not answer on port ${port}`)
  }))
  return problems.flat()
}

/** Every etcd member answers, none is still a learner. */
export async function etcdProblems(node: string, members: number): Promise<string[]> {
  const script = `id=$(crictl ps --name '^etcd$' -q | head -n 1); [ -n "$id" ] || { echo "etcd does not run on $HOSTNAME"; exit; }
etcdctl() { crictl exec "$id" etcdctl --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/server.crt --key /etc/kubernetes/pki/etcd/server.key --command-timeout 4s "$@" 2>&1; }
list=$(etcdctl member list) || { echo "etcd: $(tail -n 1 <<< "$list")"; exit; }
[ "$(grep -c ', started, .*, false$' <<< "$list")" = ${members} ] || echo "etcd: expected ${members} started members, received: \${list//$'\\n'/; }"
etcdctl endpoint health --cluster | grep 'is unhealthy' || true`
  const out = await exec(node, ['bash', '-c', script]).catch((error: Error) => error.message)
  return out.split('\n').filter(line => line !== '')
}
