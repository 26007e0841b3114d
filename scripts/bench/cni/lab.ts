/** One network of a lab, measured: pods put in place, the machine at rest, then idle and under load. */
import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { docker, exec } from '../../../src/lab/hosts/docker.ts'
import type { Lab } from '../../../src/lab/lab.ts'
import { nodes } from '../../../src/lab/topology/topology.ts'
import { workloads } from '../../../src/lab/versions.ts'
import { placeNames, type PlaceName } from '../../../src/report/cni-bench.ts'
import { CLIENT, FOLDER, IPERF3 } from './programs.ts'
import { isSteady, microcores, roundOf, SEPARATOR, usageOf, type Measured, type Usage } from './read.ts'

/** Milliseconds of each measurement. */
export const times = { throughput: 2_000, latency: 1_500, connections: 1_500, idle: 15_000 } as const
export const ROUNDS = 3

const NAMESPACE = 'bench-cni'
const PORT = 9377
/** Asks first, and has a second pod; the other one answers. */
const [NEAR, FAR] = ['a1', 'a2'] as const
/** Milliseconds until a pod must answer. */
const PATIENCE = 60_000

/** The network's own containers, by their names in its manifests. */
export const agents = ['kube-flannel', 'cilium-agent'] as const
const perCluster = ['cilium-operator', 'hubble-relay'] as const

/** CPU time and memory are those of cgroups, of either version: a short-lived child counts there too. */
const USAGE = `crictl ps --output json | jq --raw-output '.containers[] | select(.metadata.name | IN($ARGS.positional[])) | .metadata.name + " " + .id' --args "$@" |
while read -r name id; do
  cpu= memory=
  for dir in $(find /sys/fs/cgroup -type d -name "*$id*"); do
    if [ -z "$cpu" ]; then
      if [ -f "$dir/cpuacct.usage" ]; then cpu=$dir; elif [ -f "$dir/cpu.stat" ] && grep -q ^usage_usec "$dir/cpu.stat"; then cpu=$dir; fi
    fi
    if [ -z "$memory" ] && { [ -f "$dir/memory.usage_in_bytes" ] || [ -f "$dir/memory.current" ]; }; then memory=$dir; fi
  done
  [ -n "$cpu" ] && [ -n "$memory" ] || { echo "no cgroup of $name, $id" >&2; exit 1; }
  if [ -f "$memory/memory.current" ]; then
    used=$(( $(cat "$memory/memory.current") - $(awk '$1 == "inactive_file" { print $2 }' "$memory/memory.stat") ))
  else
    used=$(( $(cat "$memory/memory.usage_in_bytes") - $(awk '$1 == "total_inactive_file" { print $2 }' "$memory/memory.stat") ))
  fi
  maps=$(for pid in $(cat "$memory/cgroup.procs"); do cat /proc/"$pid"/fdinfo/* 2> /dev/null; done |
    awk '$1 == "memlock:" { size = $2 } $1 == "map_id:" && !($2 in seen) { seen[$2] = 1; sum += size } END { printf "%d", sum }')
  if [ -f "$cpu/cpuacct.usage" ]; then spent=$(cat "$cpu/cpuacct.usage"); else spent=$(( $(awk '$1 == "usage_usec" { print $2 }' "$cpu/cpu.stat") * 1000 )); fi
  echo "$name \${EPOCHREALTIME/[.,]/} $spent $used $maps"
done`

export interface Idle {
  readonly machine: number
  /** By node. */
  readonly agents: readonly (Usage & { readonly microcores: number })[]
  readonly perCluster: readonly (Usage & { readonly microcores: number })[]
}

export interface Round {
  readonly places: Readonly<Record<PlaceName, Measured>>
  /** Of the agents of the two nodes whose pods talked. */
  readonly load: readonly (Usage & { readonly microcores: number })[]
}

export interface Bench {
  readonly mtu: { readonly pod: number, readonly host: number }
  /** Whether the machine worked evenly before long: what starts with a lab has ended. */
  settle(): Promise<boolean>
  idle(): Promise<Idle>
  round(number: number): Promise<Round>
  remove(): Promise<void>
}

/** Brings programs, pods and what answers in them. @param folder as `gather` has filled it */
export async function openBench(lab: Lab, folder: string, signal: AbortSignal): Promise<Bench> {
  const container = { near: lab.container(NEAR), far: lab.container(FAR) }
  for (const node of Object.values(container)) {
    await exec(node, ['sh', '-c', `rm -rf ${FOLDER}; mkdir -p ${FOLDER}`], { signal })
    await docker(['cp', `${folder}/.`, `${node}:${FOLDER}`], { signal })
  }
  const addresses = await nodeAddresses(lab)
  await removePods(lab)
  await lab.kubectl(['create', '--filename=-'], { signal, input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: podsOn(addresses) }) })
  await lab.kubectl(['--namespace', NAMESPACE, 'wait', '--for=condition=Ready', 'pods', '--all', `--timeout=${PATIENCE}ms`], { signal })
  const [from, near, far] = await Promise.all([podOf(lab, container.near, 'from'), podOf(lab, container.near, 'near'), podOf(lab, container.far, 'far')])
  const host = addresses.get(FAR)!.address
  await Promise.all([serve(container.near, near.pid), serve(container.far, far.pid), serve(container.far, 1)])
  const ways: Record<PlaceName, { readonly pid: number, readonly to: string }> = {
    across: { pid: from.pid, to: far.address }, node: { pid: from.pid, to: near.address }, host: { pid: 1, to: host },
  }
  // Also fills what the first packet of a way has to be looked up for.
  for (const { pid, to } of Object.values(ways)) await inside(container.near, pid, `${CLIENT} wait ${to}:${PORT} ${PATIENCE}`, signal)
  const mtu = { pod: await mtuOf(container.near, from.pid, far.address), host: await mtuOf(container.near, 1, host) }

  const usage = async (hosts: readonly string[]): Promise<Usage[][]> => Promise.all(hosts.map(async name =>
    usageOf(await exec(lab.container(name), ['bash', '-c', USAGE, 'usage', ...agents, ...perCluster], { signal }))))
  const everyNode = nodes(lab.topology).map(({ name }) => name)

  return {
    mtu,
    async settle() {
      const looks: number[] = []
      const latest = performance.now() + PATIENCE
      while (performance.now() < latest) {
        looks.push(await busy(3_000, signal))
        if (isSteady(looks, 3, 0.2)) return true
      }
      return false
    },
    async idle() {
      const before = (await usage(everyNode)).flat()
      const machine = await busy(times.idle, signal)
      const spent = spentBetween(before, (await usage(everyNode)).flat())
      const own = spent.filter(({ container: name }) => agents.some(agent => agent === name))
      if (own.length !== everyNode.length) throw new Error(`found ${own.length} agents of the network, expected one on each of ${everyNode.length} nodes`)
      return { machine: Math.round(machine * 1e6), agents: own, perCluster: spent.filter(one => !own.includes(one)) }
    },
    async round(number) {
      const places: Partial<Record<PlaceName, Measured>> = {}
      let load: Round['load'] = []
      // Each goes first in turn.
      const order = placeNames.map((_, index) => placeNames[(index + number) % placeNames.length]!)
      for (const place of order) {
        const { pid, to } = ways[place]
        const before = place === 'across' ? await usage([NEAR, FAR]) : []
        places[place] = roundOf(await inside(container.near, pid, programs(to), signal))
        if (place === 'across') load = spentBetween(before.flat(), (await usage([NEAR, FAR])).flat()).filter(({ container: name }) => agents.some(agent => agent === name))
      }
      return { places: places as Record<PlaceName, Measured>, load }
    },
    async remove() {
      for (const node of Object.values(container)) {
        await exec(node, ['sh', '-c', `for file in ${FOLDER}/*.pid; do kill "$(cat "$file")" 2> /dev/null; done; rm -rf ${FOLDER}`])
      }
      await removePods(lab)
    },
  }
}

const programs = (to: string): string => [
  `${CLIENT} ask ${to}:${PORT} ${times.latency}`, `echo '${SEPARATOR}'`,
  `${CLIENT} connect ${to}:${PORT} ${times.connections}`, `echo '${SEPARATOR}'`,
  // It says in its JSON what went wrong.
  `{ ${IPERF3} --client ${to} --time ${times.throughput / 1000} --json || true; }`,
].join(' && ')

/** In the network of a process of the node: a pod's is that of its first container. */
const inside = (node: string, pid: number, script: string, signal?: AbortSignal): Promise<string> =>
  exec(node, ['nsenter', '--target', String(pid), '--net', '--', 'sh', '-c', script], signal === undefined ? {} : { signal })

async function serve(node: string, pid: number): Promise<void> {
  for (const [name, command] of [['client', `${CLIENT} serve :${PORT}`], ['iperf3', `${IPERF3} --server`]] as const) {
    await docker(['exec', '--detach', node, 'nsenter', '--target', String(pid), '--net', '--',
      'sh', '-c', `echo $$ > ${FOLDER}/${name}-${pid}.pid; exec ${command} > ${FOLDER}/${name}-${pid}.log 2>&1`])
  }
}

interface NodeList {
  readonly items: readonly { readonly metadata: { readonly name: string }, readonly status: { readonly addresses: readonly { readonly type: string, readonly address: string }[] } }[]
}

/** By host: the cluster's name for it, and the address that tunnels and routes go to. */
async function nodeAddresses(lab: Lab): Promise<Map<string, { readonly node: string, readonly address: string }>> {
  const { items } = JSON.parse(await lab.kubectl(['get', 'nodes', '--output=json'])) as NodeList
  const found = new Map<string, { node: string, address: string }>()
  for (const { name } of nodes(lab.topology)) {
    const node = items.find(item => item.metadata.name === name || item.metadata.name === lab.container(name))
    const address = node?.status.addresses.find(({ type }) => type === 'InternalIP')?.address
    if (node === undefined || address === undefined) throw new Error(`the cluster has no node ${name} with an InternalIP`)
    found.set(name, { node: node.metadata.name, address })
  }
  return found
}

function podsOn(addresses: ReadonlyMap<string, { readonly node: string }>): object[] {
  const pod = (name: string, host: string): object => ({
    apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: NAMESPACE },
    spec: {
      nodeName: addresses.get(host)!.node, terminationGracePeriodSeconds: 0, automountServiceAccountToken: false,
      containers: [{ name: 'pod', image: workloads.echo, imagePullPolicy: 'IfNotPresent', env: [{ name: 'NODE', value: host }] }],
    },
  })
  return [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }, pod('from', NEAR), pod('near', NEAR), pod('far', FAR)]
}

const removePods = (lab: Lab): Promise<string> =>
  lab.kubectl(['delete', 'namespace', NAMESPACE, '--ignore-not-found', `--timeout=${PATIENCE}ms`])

async function podOf(lab: Lab, node: string, name: string): Promise<{ readonly pid: number, readonly address: string }> {
  const [pid, address] = await Promise.all([
    exec(node, ['sh', '-c', `crictl inspectp --output json "$(crictl pods --namespace ${NAMESPACE} --name '^${name}$' --state ready --quiet | head -n 1)" | jq .info.pid`]),
    lab.kubectl(['--namespace', NAMESPACE, 'get', 'pod', name, '--output=jsonpath={.status.podIP}']),
  ])
  if (!(Number(pid) > 1) || address === '') throw new Error(`pod ${name}: received pid "${pid.trim()}" and address "${address}", expected both`)
  return { pid: Number(pid), address }
}

/** Of the interface by which that address is reached; a route may have a smaller one of its own. */
async function mtuOf(node: string, pid: number, to: string): Promise<number> {
  const [route] = JSON.parse(await inside(node, pid, `ip -json route get ${to}`)) as [{ dev: string, metrics?: readonly { mtu?: number }[] }]
  const [link] = JSON.parse(await inside(node, pid, `ip -json link show dev ${route.dev}`)) as [{ mtu: number }]
  return Math.min(link.mtu, ...(route.metrics ?? []).map(({ mtu }) => mtu ?? link.mtu))
}

function spentBetween(before: readonly Usage[], after: readonly Usage[]): (Usage & { readonly microcores: number })[] {
  if (before.map(({ container }) => container).join() !== after.map(({ container }) => container).join()) {
    throw new Error('containers of the network came or went while they were measured')
  }
  return after.map((usage, index) => ({ ...usage, microcores: microcores(before[index]!, usage) }))
}

/** Cores of this machine that were at work, over so long. */
async function busy(milliseconds: number, signal: AbortSignal): Promise<number> {
  const looked = (): { readonly all: number, readonly idle: number } => cpus().reduce((sum, { times: { user, nice, sys, idle, irq } }) =>
    ({ all: sum.all + user + nice + sys + idle + irq, idle: sum.idle + idle }), { all: 0, idle: 0 })
  const before = looked()
  await sleep(milliseconds, undefined, { signal })
  const after = looked()
  return (1 - (after.idle - before.idle) / (after.all - before.all)) * cpus().length
}
