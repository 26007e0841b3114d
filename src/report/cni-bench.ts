/**
 * What the networks of pods cost and carry, measured side by side in one run: written by `npm run bench:cni`, read by the
 * site. Whole numbers only, each with its rounds; medians and ratios are made where they are shown.
 */
import { readFile } from 'node:fs/promises'
import { digestOf } from './digest.ts'

export const CNI_BENCH_SCHEMA = 1

export const networkNames = ['flannel', 'cilium-tunnel', 'cilium-native'] as const
export type NetworkName = typeof networkNames[number]

/** `host`: from node to node without a pod, in the same lab and the same round. */
export const placeNames = ['across', 'node', 'host'] as const
export type PlaceName = typeof placeNames[number]

/** A number a round, in the order of time. */
export type Rounds = readonly number[]

export const trafficFigures = ['throughputKbps', 'latencyP50Ns', 'latencyP99Ns', 'connectionsPerSecond'] as const
export type Traffic = Readonly<Record<typeof trafficFigures[number], Rounds>>

/** Of the network's own agent on a node. Under load: while pods of two nodes talk, on these two. */
export const nodeFigures = ['memoryIdleKiB', 'memoryLoadKiB', 'cpuIdleMicrocores', 'cpuLoadMicrocores', 'bpfMapsKiB'] as const
export type PerNode = Readonly<Record<typeof nodeFigures[number], Rounds>>

/** Of what runs once in a cluster, by the name of its container. */
export interface PerCluster {
  readonly memoryKiB: Rounds
  readonly cpuMicrocores: Rounds
}

export interface NetworkCost {
  readonly name: NetworkName
  readonly mtu: { readonly pod: number, readonly host: number }
  readonly traffic: Readonly<Record<PlaceName, Traffic>>
  readonly perNode: PerNode
  readonly perCluster: Readonly<Record<string, PerCluster>>
  /** Of the whole machine while nothing was asked of the network, a number a pass. */
  readonly machineIdleMicrocores: Rounds
}

export interface CniBench {
  readonly schema: typeof CNI_BENCH_SCHEMA
  /** ISO 8601. */
  readonly startedAt: string
  readonly finishedAt: string
  readonly machine: {
    readonly kernel: string
    readonly cpu: string
    readonly cores: number
    readonly memoryMiB: number
    /** Of the last minute before anything was started, in thousandths. */
    readonly loadMilli: number
  }
  readonly versions: Readonly<Record<'kubernetes' | 'flannel' | 'cilium' | 'iperf3', string>>
  readonly topology: string
  /** One pass after the other: the second is the first backwards, so that a drift of the machine weighs on all alike. */
  readonly order: readonly NetworkName[]
  readonly roundsPerPass: number
  /** How long one measurement took. */
  readonly milliseconds: Readonly<Record<'throughput' | 'latency' | 'connections' | 'idle', number>>
  readonly networks: readonly NetworkCost[]
  readonly digest: string
}

export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
}

/** @throws RangeError for no rounds at all */
export function spreadOf(rounds: Rounds): Spread {
  const sorted = rounds.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [least, high, most] = [sorted[0], sorted[middle], sorted.at(-1)]
  if (least === undefined || high === undefined || most === undefined) throw new RangeError('received no rounds, expected at least one')
  return { median: sorted.length % 2 === 1 ? high : (sorted[middle - 1]! + high) / 2, least, most }
}

/** Each round to the same round of the baseline: what slowed the machine down in it weighs on both. */
export const ratiosOf = (rounds: Rounds, baseline: Rounds): number[] =>
  rounds.flatMap((value, round) => baseline[round] === undefined || baseline[round] === 0 ? [] : [value / baseline[round]])

export type CniBenchRead = { readonly bench: CniBench } | { readonly missing: string }

/** Of that file, or why there is nothing to show: half a file, or one that was edited, is no measurement. */
export async function readCniBench(file: string): Promise<CniBenchRead> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return { missing: 'there is no measurement yet' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { missing: 'its file is cut or is not JSON' }
  }
  const wrong = problemOf(value)
  return wrong === undefined ? { bench: value as CniBench } : { missing: wrong }
}

/** What is wrong with it as a measurement of this schema; undefined when nothing is. */
export function problemOf(value: unknown): string | undefined {
  if (!isObject(value)) return 'its file holds no object'
  if (value.schema !== CNI_BENCH_SCHEMA) return `its file has schema ${String(value.schema)}, expected ${CNI_BENCH_SCHEMA}`
  if (value.digest !== digestOf(value)) return 'its file is not as it was written: the digest differs'
  const bench = value as unknown as CniBench
  const whole = isDate(bench.startedAt) && isDate(bench.finishedAt)
    && isObject(bench.machine) && [bench.machine.cores, bench.machine.memoryMiB, bench.machine.loadMilli].every(isCount)
    && [bench.machine.kernel, bench.machine.cpu, bench.topology].every(isText)
    && isObject(bench.versions) && (['kubernetes', 'flannel', 'cilium', 'iperf3'] as const).every(name => isText(bench.versions[name]))
    && isObject(bench.milliseconds) && (['throughput', 'latency', 'connections', 'idle'] as const).every(name => isCount(bench.milliseconds[name]))
    && isCount(bench.roundsPerPass) && Array.isArray(bench.order) && Array.isArray(bench.networks)
  if (!whole) return 'its file has another shape than schema 1'
  const network = networkNames.find(name => bench.networks.filter(one => isObject(one) && one.name === name && isNetwork(one)).length !== 1)
  return network === undefined ? undefined : `its file lacks figures of ${network}`
}

function isNetwork({ mtu, traffic, perNode, perCluster, machineIdleMicrocores }: NetworkCost): boolean {
  if (!isObject(mtu) || !isCount(mtu.pod) || !isCount(mtu.host) || !isObject(traffic) || !isObject(perNode) || !isObject(perCluster)) return false
  const rounds = placeNames.flatMap(place => trafficFigures.map(figure => traffic[place]?.[figure]))
  return rounds.every(isRounds) && new Set(rounds.map(one => one!.length)).size === 1
    && nodeFigures.every(figure => isRounds(perNode[figure]))
    && Object.values(perCluster).every(one => isObject(one) && isRounds(one.memoryKiB) && isRounds(one.cpuMicrocores))
    && isRounds(machineIdleMicrocores)
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const isRounds = (value: unknown): value is Rounds => Array.isArray(value) && value.length > 0 && value.every(isCount)
const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isDate = (value: unknown): value is string => isText(value) && !Number.isNaN(Date.parse(value))
