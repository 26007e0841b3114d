/**
 * Early warning, beside the night: newer releases than the pins.
 *
 *     node scripts/ci/next.ts plan     which there are: the outputs `matrix` and `count`
 *     node scripts/ci/next.ts verify   one of them, which the variable NEXT names: a warning when it does not hold, never a failure
 */
import { appendFileSync } from 'node:fs'
import { output, programOf, raiseLimits } from '../../.github/actions/lib.ts'
import { attempt, nameOf } from '../nightly/next/attempt.ts'
import type { Candidate } from '../nightly/next/candidates.ts'
import { planNext } from '../nightly/next/plan.ts'
import { annotationOf, linesOf, summaryOf } from '../nightly/next/tell.ts'

/** Milliseconds for the pages of one candidate. */
const WITHIN = 20 * 60_000
/** Most jobs of one matrix: docs.github.com, "Actions limits". */
const MOST = 256

const root = process.cwd()
const cli = programOf(root)

switch (process.argv[2]) {
  case 'plan': {
    const { candidates, notes } = await planNext(root, cli, [], WITHIN)
    for (const note of notes) console.log(note)
    // Plain words only: what GitHub makes of lists in an entry is nowhere written.
    const include = candidates.slice(0, MOST).map(candidate => ({ name: nameOf(candidate), candidate: JSON.stringify(candidate) }))
    output('matrix', JSON.stringify({ include }))
    output('count', include.length)
    break
  }
  case 'verify': {
    const candidate = JSON.parse(process.env.NEXT ?? 'null') as Candidate | null
    if (candidate === null) throw new Error('received no NEXT, expected a candidate of the matrix')
    raiseLimits()
    const done = await attempt(root, candidate, { cli, output: '.proofbook/next', lab: 'next' })
    console.log(linesOf(done).join('\n'))
    process.stdout.write(annotationOf(done))
    if (process.env.GITHUB_STEP_SUMMARY) appendFileSync(process.env.GITHUB_STEP_SUMMARY, summaryOf([done]))
    break
  }
  default: throw new Error(`received ${process.argv[2]}, expected plan or verify`)
}
