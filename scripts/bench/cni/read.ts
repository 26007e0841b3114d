/** What the programs print, as numbers. Pure. */
import type { Rounds } from '../../../src/report/cni-bench.ts'

/** `iperf 3.12 (cJSON 1.7.15)` → `3.12` */
export function iperfVersion(text: string): string {
  const version = /^iperf (\d[\w.]*)/.exec(text)?.[1]
  if (version === undefined) throw new Error(`iperf3 --version: received "${text.slice(0, 80)}", expected "iperf 3..."`)
  return version
}

export interface Libraries {
  readonly files: readonly string[]
  readonly loader: string | undefined
  readonly missing: readonly string[]
}

/** Of what `ldd` prints. */
export function libraries(text: string): Libraries {
  const lines = text.split('\n').map(line => line.trim())
  return {
    files: lines.flatMap(line => /=> (\/\S+)/.exec(line)?.[1] ?? []),
    loader: lines.flatMap(line => /^(\/\S*\/ld-\S+) /.exec(line)?.[1] ?? [])[0],
    missing: lines.flatMap(line => /^(\S+) => not found/.exec(line)?.[1] ?? []),
  }
}

/** What came in at the receiver, in kbit/s; what the sender believes to have sent may lie in buffers. */
export function throughputOf(text: string): number {
  const { error, end } = JSON.parse(text) as { error?: string, end?: { sum_received?: { bits_per_second?: number } } }
  if (error !== undefined) throw new Error(`iperf3: ${error}`)
  const bits = end?.sum_received?.bits_per_second
  if (bits === undefined || !(bits > 0)) throw new Error(`iperf3: received ${bits ?? 'no'} bits a second, expected more than 0`)
  return Math.round(bits / 1000)
}

export interface Measured {
  readonly throughputKbps: number
  readonly latencyP50Ns: number
  readonly latencyP99Ns: number
  readonly connectionsPerSecond: number
}

export const SEPARATOR = '=== next'

/** Of one round: what `client ask`, `client connect` and `iperf3 --json` printed, with a separator between. */
export function roundOf(text: string): Measured {
  const parts = text.split(`${SEPARATOR}\n`)
  if (parts.length !== 3) throw new Error(`received the output of ${parts.length} programs, expected that of 3`)
  const asked = JSON.parse(parts[0]!) as { count: number, p50: number, p99: number }
  const connected = JSON.parse(parts[1]!) as { count: number, ns: number }
  return {
    throughputKbps: throughputOf(parts[2]!),
    latencyP50Ns: asked.p50,
    latencyP99Ns: asked.p99,
    connectionsPerSecond: Math.round(connected.count / connected.ns * 1e9),
  }
}

/** What the containers of a network use on a node at a moment. */
export interface Usage {
  readonly container: string
  /** By the node's clock. */
  readonly microseconds: number
  readonly cpuNs: number
  /** In use and not to be had back at once, as the kubelet counts it: without the inactive part of the page cache. */
  readonly memoryBytes: number
  readonly bpfMapsBytes: number
}

/** A line a container: `cilium-agent 1700000000000000 123 456 789`. */
export function usageOf(text: string): Usage[] {
  return text.split('\n').filter(line => line !== '').map((line) => {
    const [container = '', ...rest] = line.split(' ')
    const [microseconds, cpuNs, memoryBytes, bpfMapsBytes] = rest.map(Number)
    if ([microseconds, cpuNs, memoryBytes, bpfMapsBytes].some(value => !Number.isFinite(value))) {
      throw new Error(`usage of ${container}: received "${line}", expected four numbers`)
    }
    return { container, microseconds: microseconds!, cpuNs: cpuNs!, memoryBytes: memoryBytes!, bpfMapsBytes: bpfMapsBytes! }
  })
}

/** Millionths of a core between two moments. @throws Error when the container began anew between them */
export function microcores(before: Usage, after: Usage): number {
  const [ns, us] = [after.cpuNs - before.cpuNs, after.microseconds - before.microseconds]
  if (ns < 0 || us <= 0) throw new Error(`${after.container} began anew while it was measured`)
  return Math.round(ns * 1000 / us)
}

/** Whether the last looks at something agree: the machine has come to rest, or works evenly. */
export const isSteady = (looks: Rounds, count: number, within: number): boolean => {
  const last = looks.slice(-count)
  return last.length === count && Math.max(...last) - Math.min(...last) <= within
}
