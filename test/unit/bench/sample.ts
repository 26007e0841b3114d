import { networkNames, placeNames, trafficFigures, type CniBench, type NetworkCost, type PlaceName, type Traffic } from '../../../src/report/cni-bench.ts'
import { sealed } from '../../../src/report/digest.ts'

const times = (rounds: readonly number[], factor: number): number[] => rounds.map(value => Math.round(value * factor))

/** Figures that no machine has measured. */
function network(index: number): NetworkCost {
  const share: Readonly<Record<PlaceName, number>> = { across: 0.5 + index / 10, node: 0.8, host: 1 }
  const host: Traffic = {
    throughputKbps: [20_000_000, 22_000_000, 21_000_000], latencyP50Ns: [20_000, 21_000, 22_000], latencyP99Ns: [90_000, 80_000, 100_000], connectionsPerSecond: [9000, 9100, 9200],
  }
  return {
    name: networkNames[index]!,
    mtu: { pod: index === 0 ? 1450 : 1500, host: 1500 },
    traffic: Object.fromEntries(placeNames.map(place => [place, Object.fromEntries(trafficFigures.map(figure =>
      [figure, times(host[figure], figure.startsWith('latency') ? 1 / share[place] : share[place])]))])) as unknown as NetworkCost['traffic'],
    perNode: {
      memoryIdleKiB: [20_480, 21_504], memoryLoadKiB: [22_528], cpuIdleMicrocores: [1500, 1700], cpuLoadMicrocores: [120_000],
      bpfMapsKiB: index === 0 ? [0] : [51_200],
    },
    perCluster: index === 0 ? {} : { 'cilium-operator': { memoryKiB: [40_960], cpuMicrocores: [3000] } },
    machineIdleMicrocores: [300_000],
  }
}

export const sampleBench = (over: Partial<CniBench> = {}): CniBench => sealed({
  schema: 1,
  startedAt: '2026-11-20T09:00:00.000Z',
  finishedAt: '2026-11-20T09:12:00.000Z',
  machine: { kernel: '6.1.0', cpu: 'A CPU', cores: 2, memoryMiB: 8192, loadMilli: 120 },
  versions: { kubernetes: 'v1.36.4', flannel: '0.28.4', cilium: '1.19.7', iperf3: '3.12' },
  topology: 'cluster',
  order: [...networkNames, ...networkNames.toReversed()],
  roundsPerPass: 3,
  milliseconds: { throughput: 2000, latency: 1500, connections: 1500, idle: 15_000 },
  networks: networkNames.map((_, index) => network(index)),
  ...over,
})
