/** What the networks cost and carry, as rows of tables: medians with their spread, and how they compare with no network of pods at all. */
import { delimiter } from 'node:path'
import {
  networkNames, ratiosOf, readCniBench, spreadOf, type CniBench, type CniBenchRead, type NetworkCost, type NetworkName, type PlaceName, type Rounds, type Traffic,
} from '../../report/cni-bench.ts'
import { moment } from '../words.ts'

/** PROOFBOOK_MEASURED names another file; tests use it. What was recorded counts, not the last run of this folder. */
export const cniBench = (): Promise<CniBenchRead> =>
  readCniBench((process.env.PROOFBOOK_MEASURED ?? 'src/content/measured/cni.json').split(delimiter)[0]!)

export interface Cell {
  /** The median with its unit. */
  readonly value: string
  /** From the least to the most of all rounds. */
  readonly spread: string
  /** The median of what each round is of its own baseline, `0.87`; where there is one. */
  readonly ratio?: string
}

export interface Row {
  readonly name: string
  /** What it is, where the name does not say it. */
  readonly note?: string
  /** One a network, in the order of `columns`; undefined where a network has no such thing. */
  readonly cells: readonly (Cell | undefined)[]
}

export interface Table {
  readonly title: string
  readonly rows: readonly Row[]
}

const labels: Readonly<Record<NetworkName, string>> = { 'flannel': 'Flannel (VXLAN)', 'cilium-tunnel': 'Cilium, tunnel', 'cilium-native': 'Cilium, native' }
export const columns: readonly string[] = networkNames.map(name => labels[name])

type Write = (value: number) => string

const grouped = (value: number, digits = 0): string => value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits })
const memory: Write = kib => `${grouped(kib / 1024, kib < 10 * 1024 ? 1 : 0)} MiB`
const core: Write = micro => `${grouped(micro / 10_000, micro < 100_000 ? 2 : 1)} %`
const speed: Write = kbps => `${grouped(kbps / 1e6, 2)} Gbit/s`
const time: Write = ns => `${grouped(ns / 1000, ns < 100_000 ? 1 : 0)} µs`
const plain: Write = value => grouped(value)
const mtu: Write = value => `${value} bytes`

function cell(rounds: Rounds, write: Write, baseline?: Rounds): Cell {
  const { median, least, most } = spreadOf(rounds)
  const ratios = baseline === undefined ? [] : ratiosOf(rounds, baseline)
  return {
    value: write(median),
    spread: least === most ? '' : `${write(least).replace(/ \D+$/, '')} to ${write(most)}`,
    ...ratios.length === 0 ? {} : { ratio: grouped(spreadOf(ratios).median, 2) },
  }
}

const titles: Readonly<Record<PlaceName, string>> = {
  across: 'From pod to pod on two nodes', node: 'From pod to pod on one node', host: 'From host to host, without pods',
}

const carried: readonly (readonly [figure: keyof Traffic, name: string, write: Write, note: string])[] = [
  ['throughputKbps', 'Throughput', speed, 'one TCP stream'],
  ['latencyP50Ns', 'Answer, half of them within', time, 'a byte there and back'],
  ['latencyP99Ns', 'Answer, 99 % within', time, 'of the same'],
  ['connectionsPerSecond', 'New connections a second', plain, 'one after the other, a byte there and back on each'],
]

const once: Readonly<Record<string, string>> = { 'cilium-operator': 'Operator', 'hubble-relay': 'Relay of Hubble' }

export function tablesOf({ networks }: Pick<CniBench, 'networks'>): Table[] {
  const found = networkNames.map(name => networks.find(network => network.name === name))
  const row = (name: string, note: string | undefined, of: (network: NetworkCost) => Cell | undefined): Row =>
    ({ name, ...note === undefined ? {} : { note }, cells: found.map(network => network === undefined ? undefined : of(network)) })
  const extra = [...new Set(networks.flatMap(({ perCluster }) => Object.keys(perCluster)))]
  return [
    {
      title: 'What it takes',
      rows: [
        row('Agent, memory at rest', 'on each node', ({ perNode }) => cell(perNode.memoryIdleKiB, memory)),
        row('Agent, memory under load', 'on the two nodes whose pods talk', ({ perNode }) => cell(perNode.memoryLoadKiB, memory)),
        row('Tables in the kernel', 'BPF maps that the agent holds', ({ name, perNode }) => name === 'flannel' && spreadOf(perNode.bpfMapsKiB).most === 0 ? undefined : cell(perNode.bpfMapsKiB, memory)),
        row('Agent, CPU at rest', 'of one core, on each node', ({ perNode }) => cell(perNode.cpuIdleMicrocores, core)),
        row('Agent, CPU under load', 'of one core; carrying packets is the kernel\'s work', ({ perNode }) => cell(perNode.cpuLoadMicrocores, core)),
        ...extra.flatMap(name => [
          row(`${once[name] ?? name}, memory`, 'once in a cluster', ({ perCluster }) => perCluster[name] && cell(perCluster[name].memoryKiB, memory)),
          row(`${once[name] ?? name}, CPU`, 'of one core', ({ perCluster }) => perCluster[name] && cell(perCluster[name].cpuMicrocores, core)),
        ]),
      ],
    },
    ...(['across', 'node', 'host'] as const).map((place): Table => ({
      title: titles[place],
      rows: [
        ...carried.map(([figure, name, write, note]) => row(name, note, ({ traffic }) =>
          cell(traffic[place][figure], write, place === 'host' ? undefined : traffic.host[figure]))),
        ...place === 'node' ? [] : [row('Largest packet', 'MTU', network => cell([place === 'host' ? network.mtu.host : network.mtu.pod], mtu))],
      ],
    })),
  ]
}

/** When, where and with what, in one sentence each. */
export function circumstances(bench: CniBench): string[] {
  const { machine, versions, milliseconds, order, roundsPerPass } = bench
  const passes = order.length / networkNames.length
  return [
    `Measured on ${moment(bench.finishedAt)}, in one run: kind with one server and two agents on a machine with ${machine.cores} cores (${machine.cpu}) and ${grouped(machine.memoryMiB / 1024)} GiB, Linux ${machine.kernel}, load ${grouped(machine.loadMilli / 1000, 2)} before it.`,
    `Kubernetes ${versions.kubernetes.replace(/^v/, '')}, Flannel ${versions.flannel}, Cilium ${versions.cilium} with Hubble and kube-proxy and without Envoy, iperf3 ${versions.iperf3}.`,
    `Each network was measured ${passes} times, the second time in the opposite order, ${roundsPerPass} rounds each: throughput ${milliseconds.throughput / 1000} s, answers ${milliseconds.latency / 1000} s, connections ${milliseconds.connections / 1000} s a round, ${milliseconds.idle / 1000} s at rest. Medians; below each, the least and the most of all rounds.`,
  ]
}

export const LIMITS = [
  'All nodes share one kernel and one machine: there is no wire, no switch and no network card, and both ends of a stream want the same cores. Your own numbers will be others; take the ratios as a hint.',
  'A smaller MTU costs more on a real card than here, where the kernel hands large segments from node to node whole.',
  'Nothing was at stake: three nodes, few pods, no policies. An agent grows with pods, policies and identities.',
] as const

/** For Markdown and terminals. */
export function plainTables(bench: Pick<CniBench, 'networks'>): string {
  const text = (one: Cell | undefined): string => one === undefined ? 'none'
    : [one.value, ...one.spread === '' ? [] : [`(${one.spread})`], ...one.ratio === undefined ? [] : [`= ${one.ratio} of host to host`]].join(' ')
  return tablesOf(bench).map(({ title, rows }) => [
    `| ${[title, ...columns].join(' | ')} |`, `|---|${columns.map(() => '---|').join('')}`,
    ...rows.map(({ name, note, cells }) => `| ${[note === undefined ? name : `${name} (${note})`, ...cells.map(text)].join(' | ')} |`),
  ].join('\n')).join('\n\n')
}

export const COMMAND = 'npm run bench:cni -- --record'

export function plainCni(read: CniBenchRead): string {
  if ('missing' in read) return `**Not measured**: ${read.missing}. \`${COMMAND}\` measures it.`
  return [...circumstances(read.bench), plainTables(read.bench), ...LIMITS].join('\n\n')
}
