/**
 * npm run bench:cni [-- --record]: what the networks of a lab cost and carry, side by side in one run: Flannel, Cilium
 * by tunnel, Cilium by routes. Labs in this order and then backwards, so that a drift of the machine weighs on all alike.
 * Memory and CPU of the network's own containers, throughput (iperf3), latency and new connections (a client of our own)
 * from pod to pod, and from host to host in the same rounds. Writes .proofbook/bench/cni.json; with --record also what
 * the site shows, which a busy machine may not do. About 13 minutes on two cores, more when images have to be made.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { exitCodeOf } from '../../src/cli/errors.ts'
import { interruptible } from '../../src/cli/interrupt.ts'
import { createProgress } from '../../src/cli/progress.ts'
import { ensureImages, newContext, type LabImages } from '../../src/lab/images/ensure.ts'
import { bringUp, type Lab } from '../../src/lab/lab.ts'
import { labs } from '../../src/lab/labs.ts'
import { reap } from '../../src/lab/reap/reap.ts'
import { setup } from '../../src/lab/setup.ts'
import { topologyNamed } from '../../src/lab/topology/topologies.ts'
import { versions } from '../../src/lab/versions.ts'
import {
  CNI_BENCH_SCHEMA, networkNames, nodeFigures, placeNames, problemOf, trafficFigures, type NetworkCost, type NetworkName, type PerCluster, type Traffic,
} from '../../src/report/cni-bench.ts'
import { sealed } from '../../src/report/digest.ts'
import { duration } from '../../src/report/duration.ts'
import { writeJson } from '../../src/report/store.ts'
import { plainTables } from '../../src/site/measured/cni.ts'
import { openBench, ROUNDS, times } from './cni/lab.ts'
import { route, type Chart } from './cni/native.ts'
import { gather } from './cni/programs.ts'

const OUTPUT = '.proofbook/bench/cni.json'
const RECORD = 'src/content/measured/cni.json'
const TOPOLOGY = 'cluster'
/** All twice, with three labs: the one of Cilium stays for both of its ways. */
const ORDER = [...networkNames, ...networkNames.toReversed()]
/** Load of the last minute, by core, above which other work would be in the figures. */
const QUIET = 0.5

const { values: { record, anyway, lab: name, only } } = parseArgs({
  options: {
    record: { type: 'boolean', default: false },
    /** Records on a busy machine too. */
    anyway: { type: 'boolean', default: false },
    lab: { type: 'string', default: 'bench-cni' },
    /** For trying the program: these networks once, and nothing is written. */
    only: { type: 'string' },
  },
})
const order = only === undefined ? ORDER : only.split(',').map((asked) => {
  const known = networkNames.find(network => network === asked)
  if (known === undefined) throw new Error(`received network "${asked}", expected ${networkNames.join(', ')}`)
  return known
})

const screen = createProgress()
using interrupt = interruptible(screen.note)
const { signal } = interrupt
const folder = mkdtempSync(join(tmpdir(), 'proofbook-bench-cni-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

type Growing<Value> = { -readonly [Key in keyof Value]: Value[Key] extends readonly number[] ? number[] : Value[Key] extends number | string ? Value[Key] : Growing<Value[Key]> }
const costs = new Map<NetworkName, Growing<NetworkCost>>()

async function main(): Promise<void> {
  const startedAt = new Date().toISOString()
  const [load = 0] = loadavg()
  await setup(screen, { yes: true, cni: 'cilium', signal })
  await reap(screen)
  const others = (await labs()).filter(({ name: other, state }) => other !== name && !['off', 'lost'].includes(state)).map(({ name: other }) => other)
  const noise = [
    ...load > QUIET * cpus().length ? [`load ${load.toFixed(1)} on ${cpus().length} cores, expected at most ${QUIET * cpus().length}`] : [],
    ...others.length > 0 ? [`other labs are there: ${others.join(', ')}`] : [],
  ]
  if (noise.length > 0) {
    if (record && !anyway) throw new Error(`${noise.join('; ')}. Figures of a busy machine are not recorded; wait, or --anyway`)
    screen.note(`this machine is busy, which will be in the figures: ${noise.join('; ')}`)
  }
  const images = await ensureImages(screen, { signal, cni: 'cilium' })
  const { helm, ciliumChart } = images
  if (helm === undefined || ciliumChart === undefined) throw new Error('the parts of a lab with Cilium have no Helm or no chart')
  const programs = join(folder, 'programs')
  const iperf3 = await gather(programs, newContext(screen, signal))
  await measureAll(programs, { helm, ciliumChart })
  const bench = sealed({
    schema: CNI_BENCH_SCHEMA, startedAt, finishedAt: new Date().toISOString(),
    machine: {
      // Without what whoever built it has added.
      kernel: /^[\d.]+/.exec(release())?.[0] ?? release(),
      cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, memoryMiB: Math.round(totalmem() / 2 ** 20), loadMilli: Math.round(load * 1000),
    },
    versions: { kubernetes: images.kubernetes, ...versionsOf(images), iperf3 },
    topology: TOPOLOGY, order, roundsPerPass: ROUNDS, milliseconds: times, networks: [...costs.values()],
  })
  console.log(plainTables(bench))
  console.log(`\ntook ${duration(Date.parse(bench.finishedAt) - Date.parse(startedAt))}`)
  if (only !== undefined) return
  const wrong = problemOf(bench)
  if (wrong !== undefined) throw new Error(`what was measured is not whole: ${wrong}`)
  for (const file of [OUTPUT, ...record ? [RECORD] : []]) {
    await writeJson(file, bench)
    console.log(`wrote ${file}`)
  }
}

const versionsOf = ({ ciliumVersion = '' }: LabImages): { readonly flannel: string, readonly cilium: string } =>
  ({ flannel: versions.flannel.slice(1), cilium: ciliumVersion })

async function measureAll(programs: string, chart: Chart): Promise<void> {
  let lab: Lab | undefined
  let made: 'flannel' | 'cilium' | undefined
  let mode: NetworkName | undefined
  try {
    for (const [index, network] of order.entries()) {
      signal.throwIfAborted()
      const cni = network === 'flannel' ? 'flannel' : 'cilium'
      const stage = `${index + 1} of ${order.length}: ${network}`
      if (lab === undefined || made !== cni || cni === 'flannel') {
        await lab?.down()
        lab = undefined
        lab = await bringUp({ name, target: 'kind', topology: topologyNamed(TOPOLOGY), cni }, screen, { signal })
        made = cni
        mode = cni === 'flannel' ? 'flannel' : 'cilium-tunnel'
      }
      if (mode !== network) {
        const up = lab
        await screen.stage(`${stage}, change how packets travel`, () => route(up, network === 'cilium-native' ? 'Native' : 'Tunnel', chart, signal))
        mode = network
      }
      const up = lab
      await screen.stage(stage, update => measureOne(up, network, programs, update))
    }
  } finally {
    // Also of a lab that an interrupt met: its own clean-up has ended by now.
    const last = lab
    if (last !== undefined) await screen.stage(`remove lab ${name}`, () => last.down())
  }
}

async function measureOne(lab: Lab, network: NetworkName, programs: string, update: (detail: string) => void): Promise<void> {
  update('bring the pods')
  const bench = await openBench(lab, programs, signal)
  const cost = costs.get(network) ?? emptyCost(network, bench.mtu)
  costs.set(network, cost)
  update('wait until the machine works evenly')
  if (!await bench.settle()) screen.note(`${network}: the machine did not work evenly within a minute; measured nevertheless`)
  update('idle')
  const idle = await bench.idle()
  cost.machineIdleMicrocores.push(idle.machine)
  for (const { microcores, memoryBytes, bpfMapsBytes } of idle.agents) {
    cost.perNode.cpuIdleMicrocores.push(microcores)
    cost.perNode.memoryIdleKiB.push(Math.round(memoryBytes / 1024))
    cost.perNode.bpfMapsKiB.push(Math.round(bpfMapsBytes / 1024))
  }
  for (const { container, microcores, memoryBytes } of idle.perCluster) {
    const one: Growing<PerCluster> = cost.perCluster[container] ??= { memoryKiB: [], cpuMicrocores: [] }
    one.memoryKiB.push(Math.round(memoryBytes / 1024))
    one.cpuMicrocores.push(microcores)
  }
  for (let round = 0; round < ROUNDS; round++) {
    update(`round ${round + 1} of ${ROUNDS}`)
    const { places, load } = await bench.round(round)
    for (const place of placeNames) for (const figure of trafficFigures) cost.traffic[place][figure].push(places[place][figure])
    for (const { microcores, memoryBytes } of load) {
      cost.perNode.cpuLoadMicrocores.push(microcores)
      cost.perNode.memoryLoadKiB.push(Math.round(memoryBytes / 1024))
    }
  }
  screen.note(`${network}: from pod to pod on two nodes ${lastOf(cost.traffic.across)}; from host to host ${lastOf(cost.traffic.host)}`)
  await bench.remove()
}

/** Of the last round, to see while it goes on. */
const lastOf = ({ throughputKbps, latencyP50Ns, connectionsPerSecond }: Growing<Traffic>): string =>
  `${((throughputKbps.at(-1) ?? 0) / 1e6).toFixed(1)} Gbit/s, ${Math.round((latencyP50Ns.at(-1) ?? 0) / 1000)} µs, ${connectionsPerSecond.at(-1)} connections/s`

function emptyCost(network: NetworkName, mtu: NetworkCost['mtu']): Growing<NetworkCost> {
  const empty = <Key extends string>(keys: readonly Key[]): Record<Key, number[]> => Object.fromEntries(keys.map(key => [key, []])) as unknown as Record<Key, number[]>
  return {
    name: network, mtu: { ...mtu }, machineIdleMicrocores: [], perCluster: {}, perNode: empty(nodeFigures),
    traffic: Object.fromEntries(placeNames.map(place => [place, empty(trafficFigures)])) as Growing<NetworkCost['traffic']>,
  }
}

try {
  await main()
} catch (error) {
  screen.note(signal.aborted ? 'interrupted: nothing was written' : `nothing was written: ${(error as Error).message}`)
  process.exitCode = signal.aborted ? 130 : Math.max(1, exitCodeOf(error))
}
