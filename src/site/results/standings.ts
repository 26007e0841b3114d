import { latest, otherRelease } from '../../report/freshness.ts'
import { refusalOf } from '../../report/store.ts'
import type { Runbook } from '../../runbook/model.ts'
import { allResults } from './read.ts'
import { refusedStanding, type Standing, standingOf } from './standing.ts'

const known = new WeakMap<Runbook, Promise<readonly Standing[]>>()

/**
 * One standing for each target that the page must verify on, then for every other target that has a result. A build asks
 * for each block and for each page that has a link to the runbook, and judges once.
 */
export function standingsOf(runbook: Runbook): Promise<readonly Standing[]> {
  if (process.env.NODE_ENV !== 'production') return judged(runbook)
  const before = known.get(runbook)
  if (before !== undefined) return before
  const standings = judged(runbook)
  known.set(runbook, standings)
  return standings
}

async function judged(runbook: Runbook): Promise<readonly Standing[]> {
  const { results, refused } = await allResults()
  const others = results.filter(result => result.runbook === runbook.id).map(({ target }) => target)
  return [...new Set([...runbook.targets, ...others])]
    .map(target => {
      const refusal = refusalOf(refused, runbook.id, target)
      return refusal === undefined ? standingOf(runbook, target, latest(results, runbook, target), now()) : refusedStanding(runbook, target, refusal)
    })
}

export interface OtherRelease {
  /** `HAProxy 3.2`. */
  readonly release: string
  readonly standing: Standing
}

/** How the page stands on releases that it was not written for: what it says of its own stays as it is. */
export async function otherReleases(runbook: Runbook, target: string): Promise<OtherRelease[]> {
  const { results } = await allResults()
  const own = results.filter(result => result.runbook === runbook.id && result.target === target)
  const releases = [...new Set(own.flatMap(result => otherRelease(result, runbook) ?? []))].sort()
  return releases.map(release => ({ release, standing: standingOf(runbook, target, latest(own, runbook, target, release), now()) }))
}

/** The standing whose transcripts the page shows: of the first target that has any. */
export function shownStanding(standings: readonly Standing[]): Standing | undefined {
  return standings.find(({ result }) => result !== undefined && result.blocks.length > 0)
}

/** Build time; PROOFBOOK_NOW (a date) fixes it for tests. */
function now(): number {
  return process.env.PROOFBOOK_NOW === undefined ? Date.now() : Date.parse(process.env.PROOFBOOK_NOW)
}
