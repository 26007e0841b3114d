/**
 * npm run bench:site: what the site costs to build and to open.
 * - CPU time of `astro build` with 30 and with 100 runbooks, made of the real ones with their results, against plain
 *   Starlight's build of the same pages, in turn in the same run; and whether it grows in a line. The bounds in seconds were
 *   set on a busy machine that built 30 small plain pages in 5.5 s: those are built too, and a slower machine has as much more.
 * - Lighthouse on the home page and on the longest runbook.
 * `build` or `lighthouse` as the argument runs one of them; ROUNDS=1 is the shortest. Exit 1 when something is above its bound.
 */
import { globSync, mkdirSync, statSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { spentBy, median } from './measure.ts'
import { served, visit, type Category, type Visit } from './lighthouse.ts'
import { writePlain, writeReference, writeSite } from './site-books.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 3)
const VISITS = 5
/** Seconds of CPU for so many runbooks, on a machine that takes so many for the reference. */
const REFERENCE = 5.5
/** Of what plain Starlight takes for the same pages, on any machine. */
const OF_PLAIN = 1.2
const LIMITS = [{ runbooks: 30, seconds: 8 }, { runbooks: 100, seconds: 20 }] as const
const LEAST: Readonly<Record<Category, number>> = { performance: 98, accessibility: 100, 'best-practices': 100, seo: 100 }
const FOLDER = '.proofbook/bench-site'
const astro = join('node_modules', 'astro', 'bin', 'astro.mjs')
const what = process.argv[2]

mkdirSync(FOLDER, { recursive: true })
console.log(`${availableParallelism()} cores, load ${loadavg()[0]!.toFixed(1)}`)
if (what !== 'lighthouse') measureBuild()
if (what !== 'build') await measureVisits()

function told(line: string, holds: boolean, wrong: string): void {
  console.log(`${line} ${holds ? 'ok' : wrong}`)
  if (!holds) process.exitCode = 1
}

function build(env: Readonly<Record<string, string>>, ...args: string[]): number {
  const settings = Object.entries({ ...env, NODE_ENV: 'production', ASTRO_TELEMETRY_DISABLED: '1' }).map(([key, value]) => `${key}=${value}`)
  return spentBy(['env', ...settings, process.execPath, astro, 'build', '--force', ...args], '.').cpu
}

function measureBuild(): void {
  const books = LIMITS.map(({ runbooks, seconds }) => {
    const [folder, plain] = [join(FOLDER, `site-${runbooks}`), join(FOLDER, `plain-${runbooks}`)]
    const env = writeSite(folder, runbooks)
    writePlain(plain, runbooks)
    return { runbooks, seconds, env, folder, plain, ours: [] as number[], theirs: [] as number[] }
  })
  const reference = { folder: join(FOLDER, 'reference'), cpu: [] as number[] }
  writeReference(reference.folder)
  // In turn, so that a busy moment weighs on all.
  for (let round = 0; round < ROUNDS; round++) {
    reference.cpu.push(build({}, '--root', reference.folder))
    console.log(`  round ${round + 1}, the reference: ${reference.cpu.at(-1)!.toFixed(1)} s`)
    for (const { runbooks, env, folder, plain, ours, theirs } of books) {
      ours.push(build(env, '--outDir', join(folder, 'site')))
      theirs.push(build({}, '--root', plain))
      console.log(`  round ${round + 1}, ${runbooks} runbooks: ${ours.at(-1)!.toFixed(1)} s, plain Starlight ${theirs.at(-1)!.toFixed(1)} s`)
    }
  }
  const slower = Math.max(1, median(reference.cpu) / REFERENCE)
  console.log(`the reference, 30 small pages of plain Starlight: ${median(reference.cpu).toFixed(1)} s of CPU, ${REFERENCE} s where the bounds were set`)
  for (const { runbooks, seconds, folder, plain, ours, theirs } of books) {
    const pages = (site: string): number => globSync('**/index.html', { cwd: site }).length
    const [made, same] = [pages(join(folder, 'site')), pages(join(plain, 'dist'))]
    if (made !== same) throw new Error(`${made} pages here, ${same} in the plain site: not the same book`)
    const ofPlain = median(ours) / median(theirs)
    told(`${runbooks} runbooks, ${made} pages: ${median(ours).toFixed(1)} s of CPU (at most ${(seconds * slower).toFixed(1)}), ${ofPlain.toFixed(2)} of plain Starlight's ${median(theirs).toFixed(1)} s (at most ${OF_PLAIN})`,
      median(ours) <= seconds * slower && ofPlain <= OF_PLAIN, 'TOO SLOW')
  }
  for (const { runbooks, folder } of books) console.log(`the zip of ${runbooks} runbooks, which the build does not make: ${spentBy([process.execPath, 'scripts/site/offline.ts', join(folder, 'site')], '.').cpu.toFixed(1)} s of CPU`)
  const [few, many] = books as [typeof books[number], typeof books[number]]
  const growth = median(many.ours) / median(few.ours)
  const line = many.runbooks / few.runbooks
  told(`${many.runbooks} to ${few.runbooks} runbooks: ${growth.toFixed(2)} (at most ${line.toFixed(2)}), plain ${(median(many.theirs) / median(few.theirs)).toFixed(2)}`, growth <= line, 'NOT LINEAR')
  const each = (times: (book: typeof few) => readonly number[]): number => (median(times(many)) - median(times(few))) / (many.runbooks - few.runbooks) * 1000
  console.log(`each further runbook: ${each(({ ours }) => ours).toFixed(0)} ms of CPU, plain ${each(({ theirs }) => theirs).toFixed(0)} ms`)
}

/** Whatever else the machine does only slows a visit down: the best of some is the page's own. All are printed. */
async function measureVisits(): Promise<void> {
  const site = join(FOLDER, 'book')
  build({ PROOFBOOK_RESULTS: 'src/content/results', PROOFBOOK_HISTORY: 'src/content/history.jsonl', PROOFBOOK_SITE_CACHE: `${site}-cache` }, '--outDir', site)
  const longest = globSync('*/*/index.html', { cwd: site }).reduce((one, other) => statSync(join(site, other)).size > statSync(join(site, one)).size ? other : one)
  await served(site, async (origin) => {
    for (const path of ['/', `/${longest.replace('index.html', '')}`]) {
      const visits: Visit[] = []
      while (visits.length < VISITS && !visits.some(good)) {
        visits.push(await visit(`${origin}${path}`, join(FOLDER, 'lighthouse')))
        const { scores, machine, blockingMs, lost } = visits.at(-1)!
        console.log(`  ${path}: ${Object.entries(scores).map(([name, score]) => `${name} ${score}`).join(', ')}; blocked ${blockingMs} ms; machine ${machine}${lost.length > 0 ? `; ${lost.join('; ')}` : ''}`)
      }
      const best = visits.find(good) ?? visits.toSorted((a, b) => b.scores.performance - a.scores.performance)[0]!
      told(`Lighthouse ${path}: ${Object.entries(best.scores).map(([name, score]) => `${name} ${score}`).join(', ')} (at least ${Object.values(LEAST).join(', ')})`, good(best), 'TOO LOW')
    }
  })
}

function good({ scores }: Visit): boolean {
  return Object.entries(LEAST).every(([category, least]) => scores[category as Category] >= least)
}
