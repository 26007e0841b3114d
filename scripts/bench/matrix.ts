/**
 * npm run bench:matrix: what a night of 1,000 runbooks with twelve cells each would need. A simulation: the durations are
 * those of the committed results, drawn with repetition; nothing is started. Exit 1 when the last machine ends later than
 * 1.1 times the lower bound, or the night does not fit.
 */
import { join } from 'node:path'
import { recordedCosts } from '../../src/matrix/durations.ts'
import { duration } from '../../src/report/duration.ts'
import { isVerdict } from '../../src/report/stand-in.ts'
import { readResults } from '../../src/report/store.ts'
import { largeBook, nightOf, randomOf } from './large-book.ts'

const PAGES = 1000
const LIMIT = 60 * 60_000
/**
 * Checkout, npm ci, set-up and pulling the images. An assumption: no hosted runner was measured. Where no image registry
 * answers, images are built first, which takes 18 minutes on two cores (README) unless they come from a cache.
 */
const START = 4 * 60_000
/** Linux with two cores, private repository, a begun minute: docs.github.com, "Actions runner pricing", as of January 2026. */
const PRICE = 0.006
/** Most jobs of one matrix: docs.github.com, "Actions limits". */
const MOST = 256

const results = (await readResults([join(import.meta.dirname, '../../src/content/results')])).filter(isVerdict)
const samples = results.map(({ topology, cni, durationMs }) => ({ topology, cni, ms: durationMs }))
const random = randomOf(1)
const book = largeBook(samples, PAGES, recordedCosts(results).lab, random)
const began = process.cpuUsage()
// Between a quarter less and a quarter more.
const night = nightOf(book, { limit: LIMIT, start: START, price: PRICE }, () => 0.75 + random() / 2)
const { user, system } = process.cpuUsage(began)

const work = book.cells.reduce((sum, cell) => sum + book.costs.cell(cell), 0)
const ratio = night.makespan / night.bound
const holds = ratio <= 1.1 && night.makespan <= LIMIT
console.log(`${PAGES} runbooks x 12 cells = ${night.cells} cells, ${Math.round(work / 3_600_000)} hours of runbooks, drawn from ${samples.length} recorded ones
machines     ${night.runners}, one lab at a time each, ${night.labs} labs in all; ${Math.ceil(night.runners / MOST)} matrices of GitHub Actions (at most ${MOST} jobs each)
last ends    after ${duration(night.makespan)}, ${duration(START)} of it to start a machine (assumed)
lower bound  ${duration(night.bound)}: ${ratio.toFixed(3)} times it (at most 1.1) ${holds ? 'ok' : 'TOO MUCH'}
other times  each cell up to a quarter shorter or longer than recorded: after ${duration(night.jittered.makespan)}, ${(night.jittered.makespan / night.jittered.bound).toFixed(3)} times the bound
costs        $${night.dollars.toFixed(2)} a night at $${PRICE} a minute; nothing where the repository is public
planned with ${duration((user + system) / 1000)} of one core`)
if (!holds) process.exitCode = 1
