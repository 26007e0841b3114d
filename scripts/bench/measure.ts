import { spawnSync } from 'node:child_process'

/**
 * CPU seconds of a program and of every process that it waited for, by bash's own `time`.
 * @throws when the program fails: a benchmark of something broken says nothing
 */
export function cpuOf(argv: readonly string[], cwd: string): number {
  const script = 'TIMEFORMAT="cpu %U %S"; time "$@" >/dev/null'
  const { status, stderr } = spawnSync('bash', ['-c', script, 'bench', ...argv], { cwd, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } })
  const [, user, system] = /cpu ([\d.]+) ([\d.]+)\s*$/.exec(stderr) ?? []
  if (status !== 0 || user === undefined || system === undefined) throw new Error(`${argv.join(' ')}: exit ${status}\n${stderr}`)
  return Number(user) + Number(system)
}

/** Both in turn, one unmeasured round first; the median of each, divided. */
export function medianRatio(rounds: number, ours: () => number, reference: () => number): number {
  const a: number[] = []
  const b: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const pair = round % 2 === 0 ? [ours(), reference()] as const : swapped(reference, ours)
    if (round === 0) continue
    a.push(pair[0])
    b.push(pair[1])
  }
  return median(a) / median(b)
}

/** The reference goes first, so that neither always has the warmer machine. */
function swapped(reference: () => number, ours: () => number): readonly [number, number] {
  const other = reference()
  return [ours(), other]
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((x, y) => x - y)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
