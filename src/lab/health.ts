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

/** Nodes are counted: kind returns without an error when a node never joined. */
export async function nodeProblems(kubectl: Kubectl, expected: number): Promise<string[]> {
  return answered(async () => {
    const nodes = await list(kubectl, 'nodes', '{.status.conditions[?(@.type=="Ready")].status}')
    return [
      ...nodes.length === expected ? [] : [`cluster: ${nodes.length} nodes, expected ${expected}`],
      ...nodes.filter(([, ready]) => ready !== 'True').map(([name]) => `node ${name} is not Ready`),
    ]
  })
}

/** Every node, and every pod that a Deployment or a DaemonSet wants. */
export async function clusterProblems(kubectl: Kubectl, nodes: number): Promise<string[]> {
  return answered(async () => {
    const [nodeLines, deployments, daemonSets] = await Promise.all([
      nodeProblems(kubectl, nodes),
      list(kubectl, 'deployments', '{.spec.replicas} {.status.updatedReplicas} {.status.readyReplicas}'),
      list(kubectl, 'daemonsets', '{.status.desiredNumberScheduled} {.status.updatedNumberScheduled} {.status.numberReady}'),
    ])
    const missing = (kind: string, found: string[][], names: string[]): string[] =>
      names.filter(name => !found.some(([other]) => other === name)).map(name => `no ${kind} ${name}`)
    const unready = (kind: string, found: string[][], expected?: number): string[] =>
      found.flatMap(([name, wanted = '', updated, ready]) =>
        wanted === updated && wanted === ready && (expected === undefined || wanted === String(expected))
          ? []
          : [`${kind} ${name}: ${ready || 0} of ${expected ?? wanted} pods ready`])
    return [
      ...nodeLines,
      ...missing('Deployment', deployments, ['coredns', 'echo']),
      ...missing('DaemonSet', daemonSets, ['kube-proxy', 'traefik']),
      ...unready('Deployment', deployments),
      ...unready('DaemonSet', daemonSets, nodes),
    ]
  })
}

/** Name and fields of every object of a kind, in all namespaces. A field that is not there is empty. */
async function list(kubectl: Kubectl, kind: string, fields: string): Promise<string[][]> {
  const jsonpath = `{range .items[*]}{.metadata.name}{" "}${fields.replaceAll('} {', '}{" "}{')}{"\\n"}{end}`
  const out = await kubectl(['get', kind, '--all-namespaces', '--request-timeout=5s', '--output', `jsonpath=${jsonpath}`])
  return out.split('\n').filter(line => line !== '').map(line => line.split(' '))
}

async function answered(question: () => Promise<string[]>): Promise<string[]> {
  try {
    return await question()
  } catch (error) {
    return [`cluster: kubectl gets no answer: ${(error as Error).message.split('\n').slice(1).join(' ').slice(0, 300)}`]
  }
}

/** Runs on the client; one line for each thing that does not answer. $1 the application, $2 its authority, then the servers. */
const PROBE = `app=$1 ca=$2; shift 2
try() { what=$1; shift; out=$("$@" 2>&1) || printf '%s: %s\\n' "$what" "$(printf %s "$out" | tail -n 1)"; }
for server; do
  try "client -> http://$server:${NODE_PORTS.web}" curl -fsS -o /dev/null -m 4 -H "Host: $app" "http://$server:${NODE_PORTS.web}/" &
  try "client -> https://$server:${NODE_PORTS.websecure}" curl -fsS -o /dev/null -m 4 --cacert "$ca" \\
    --connect-to "$app:443:$server:${NODE_PORTS.websecure}" "https://$app/" &
  try "client -> http://$server:${NODE_PORTS.traefik}/ping" curl -fsS -o /dev/null -m 4 "http://$server:${NODE_PORTS.traefik}/ping" &
  try "client -> API of $server" kubectl --request-timeout=4s --server "https://$server:6443" get --raw /readyz &
done
wait`

/** The way of a user: from the client over the LAN to the application, and to the API of each server with its certificate verified. */
export async function trafficProblems(client: string, topology: Topology): Promise<string[]> {
  const out = await ask(['docker', 'exec', client, 'sh', '-c', PROBE, 'probe', APP, APP_CA,
    ...servers(topology).map(({ address }) => address)])
  if (out === undefined) return ['client: does not take commands']
  return out.split('\n').filter(line => line !== '')
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
