/**
 * npm run bench: two ratios, each against a reference that runs in the same rounds, so that a busy machine weighs on
 * both alike. Exit 1 when one is above its bound. CPU is user + system time of a process and all its children.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuOf, medianRatio } from './measure.ts'
import { writePage, writePlainScript } from './pages.ts'

const STEPS = 200
const cli = join(import.meta.dirname, '../../dist/cli/main.js')

interface Bench {
  readonly name: string
  readonly bound: number
  readonly rounds: number
  readonly ours: () => number
  readonly reference: () => number
}

const folder = mkdtempSync(join(tmpdir(), 'proofbook-bench-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const id = writePage(folder, STEPS)
const plain = writePlainScript(folder, STEPS)

/** Register a bound here. */
const benches: readonly Bench[] = [
  {
    name: 'proofbook --help / node -e 0',
    bound: 3,
    rounds: 15,
    ours: () => cpuOf([process.execPath, cli, '--help'], folder),
    reference: () => cpuOf([process.execPath, '-e', '0'], folder),
  },
  {
    name: `${STEPS} steps by proofbook run / by plain zx`,
    bound: 1.3,
    rounds: 11,
    ours: () => cpuOf([process.execPath, cli, 'run', id, '--target', 'local', '--yes'], folder),
    reference: () => cpuOf([process.execPath, plain], folder),
  },
]

for (const { name, bound, rounds, ours, reference } of benches) {
  const ratio = medianRatio(rounds, ours, reference)
  const holds = ratio <= bound
  console.log(`${name}: ${ratio.toFixed(2)} (at most ${bound.toFixed(1)}) ${holds ? 'ok' : 'TOO SLOW'}`)
  if (!holds) process.exitCode = 1
}
