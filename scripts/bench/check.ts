/**
 * node scripts/bench/check.ts: `check` on 1,000 and on 100 generated pages, wall time from start to exit, median of
 * five rounds. Exit 1 when 1,000 take 2 s or more, or more than 11 times as long as 100. Without shellcheck, which has a
 * figure of its own: it looks at each block once and remembers.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeBook } from './runbooks.ts'

const ROUNDS = 5
const LIMIT_S = 2
const RATIO = 11
const cli = join(import.meta.dirname, '../../dist/cli/main.js')
const base = mkdtempSync(join(tmpdir(), 'proofbook-bench-check-'))
process.once('exit', () => rmSync(base, { recursive: true, force: true }))

/** Seconds that one check of a book takes. @throws when the book is not found to be sound */
function wall(folder: string, pages: number, env: Readonly<Record<string, string>>): number {
  const started = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'check'], { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env } })
  if (status !== 0 || stdout !== `no errors in ${pages} runbooks.\n`) throw new Error(`exit ${status}\n${stdout}${stderr}`)
  return (performance.now() - started) / 1000
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
const books = [100, 1000].map((pages) => {
  const folder = join(base, String(pages))
  writeBook(folder, pages)
  return { folder, pages, times: [] as number[] }
})

console.log(`${availableParallelism()} cores, load ${loadavg()[0]!.toFixed(1)}`)
// In turn, so that a busy moment weighs on both.
for (let round = 0; round <= ROUNDS; round++) {
  for (const { folder, pages, times } of books) {
    const time = wall(folder, pages, { PROOFBOOK_SHELLCHECK: 'off' })
    if (round > 0) times.push(time)
  }
}
for (const { pages, times } of books) console.log(`check on ${pages} runbooks: ${median(times).toFixed(2)} s (${times.map((time) => time.toFixed(2)).join(' ')})`)

const [few, many] = books.map(({ times }) => median(times)) as [number, number]
const ratio = many / few
console.log(`1,000 to 100: ${ratio.toFixed(1)} (at most ${RATIO}) ${ratio <= RATIO ? 'ok' : 'NOT LINEAR'}`)
console.log(`1,000 under ${LIMIT_S} s: ${many < LIMIT_S ? 'ok' : 'TOO SLOW'}`)
if (many >= LIMIT_S || ratio > RATIO) process.exitCode = 1

if (spawnSync('shellcheck', ['--version']).error === undefined) {
  const cache = { XDG_CACHE_HOME: join(base, 'cache') }
  const { folder, pages } = books[0]!
  console.log(`check on ${pages} runbooks with shellcheck: ${wall(folder, pages, cache).toFixed(2)} s, again ${wall(folder, pages, cache).toFixed(2)} s`)
}
