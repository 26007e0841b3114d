/**
 * npm run bench: what a step costs. Every bound is a ratio to a reference that runs in the same rounds, so that a busy
 * machine weighs on both alike, or a size that a busy machine does not change. Exit 1 when one is above its bound.
 * Then the same work by other tools, as far as they are installed (PROOFBOOK_BENCH_PATH names more folders with them).
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuOf, cpuWithSessions, median, medianRatio, peakOf, spentBy, wallOf } from './measure.ts'
import { writeLoop, writePage, writeZx } from './pages.ts'
import { peers } from './peers.ts'
import { startRemote, stepAndFresh } from './remote.ts'

const STEPS = 200
const cli = join(import.meta.dirname, '../../dist/cli/main.js')
process.env.PATH = [process.env.PROOFBOOK_BENCH_PATH, process.env.PATH].filter(Boolean).join(':')

const folder = mkdtempSync(join(tmpdir(), 'proofbook-bench-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const id = writePage(folder, STEPS)
const loop = writeLoop(folder, STEPS)
const zx = writeZx(folder, STEPS)
const run = (page: string): string[] => ['run', page, '--target', 'local', '--yes']

function tell(name: string, value: number, bound: number, unit = ''): void {
  const holds = value <= bound
  console.log(`${name}: ${value.toFixed(2)}${unit} (at most ${bound}${unit}) ${holds ? 'ok' : 'TOO MUCH'}`)
  if (!holds) process.exitCode = 1
}

console.log(`${availableParallelism()} cores, load ${loadavg()[0]!.toFixed(1)}; a step is \`echo N\` with its output compared, start-up included`)

tell('proofbook --help / node -e 0, CPU', medianRatio(15,
  () => cpuOf([process.execPath, cli, '--help'], folder),
  () => cpuOf([process.execPath, '-e', '0'], folder)), 3)
tell(`${STEPS} steps by proofbook run / by plain zx, CPU`, medianRatio(7,
  () => cpuWithSessions(cli, run(id), folder),
  () => cpuOf([process.execPath, zx], folder)), 1.3)
tell(`${STEPS} steps by proofbook run / by a loop of bash -c, wall`, medianRatio(11,
  () => wallOf([process.execPath, cli, ...run(id)], folder),
  () => wallOf(['bash', loop], folder)), 1.3)
tell('peak memory of that run', peakOf(cli, run(id), folder), 100, ' MB')
tell('start to first step', firstStep(), 200, ' ms')
tell('peak memory with 100 MB of output', peakOf(cli, run(writePage(folder, 1, 'bench/flood', () => "head -c 100000000 /dev/zero | tr '\\0' x", null)), folder), 150, ' MB')

const remote = startRemote(join(folder, 'remote'))
if (remote === undefined) console.log('a step on a lab host and by ssh: not measured, this machine has no image of a lab host')
for (const way of remote?.transports ?? []) {
  try {
    const [step, fresh] = await stepAndFresh(way, 40)
    tell(`a step on an open session / one ${way.name} (${step.toFixed(1)} / ${fresh.toFixed(1)} ms)`, step / fresh, 0.1)
  } catch (error) {
    console.log(`a step by ${way.name}: ${(error as Error).message}`)
    process.exitCode = 1
  }
}
remote?.stop()

for (const [pages, steps] of [[1, STEPS], [10, STEPS / 10]] as const) comparePeers(pages, steps)

/** Milliseconds from the start of the process until the first step runs; the best of some, since the rest is other work. */
function firstStep(): number {
  const first = join(folder, 'first')
  const page = writePage(folder, 1, 'bench/first', i => `echo $EPOCHREALTIME > ${first}; echo ${i}`)
  const times = Array.from({ length: 9 }, () => {
    const started = performance.timeOrigin + performance.now()
    spentBy([process.execPath, cli, ...run(page)], folder)
    return Number(readFileSync(first, 'utf8')) * 1000 - started
  })
  return Math.min(...times)
}

function comparePeers(pages: number, steps: number): void {
  console.log(`\n${pages} x ${steps} steps                 wall s   CPU s`)
  const places = Array.from({ length: pages }, (_, page) => join(folder, `${pages}x${steps}`, String(page)))
  for (const place of places) mkdirSync(place, { recursive: true })
  const row = (name: string, commands: readonly (readonly string[])[], note: string): void => {
    const rounds = [1, 2, 3].map(() => commands.map((argv, page) => spentBy(argv, places[page]!)))
    const sum = (key: 'wall' | 'cpu'): string => median(rounds.map(spent => spent.reduce((all, one) => all + one[key], 0))).toFixed(2)
    console.log(`${name.padEnd(28)}${sum('wall').padStart(7)} ${sum('cpu').padStart(7)}   ${note}`)
  }
  row('proofbook run', places.map(place => [process.execPath, cli, ...run(writePage(place, steps))]), 'a process a step')
  row('bash loop of bash -c', places.map(place => ['bash', writeLoop(place, steps)]), 'a process a step')
  for (const peer of peers) {
    const commands = places.map(place => peer.prepare(place, steps)).filter(command => command !== undefined)
    if (commands.length === 0) console.log(`${peer.name.padEnd(28)}  not installed`)
    else row(peer.name, commands, peer.isolates ? 'a process a step' : 'one shell for all')
  }
}
