/** What a result still says today. */
import type { Runbook } from '../runbook/model.ts'
import type { Result } from './result.ts'
import { isVerdict } from './stand-in.ts'

export type Freshness = 'verified' | 'stale' | 'flaky' | 'failed' | 'not run'

export interface Standing {
  readonly word: Freshness
  /** Why, for every word but verified. */
  readonly reason?: string
}

/** @param now milliseconds since 1970 */
export function freshness(
  result: Result | undefined, runbook: Pick<Runbook, 'sha256' | 'verifiedFor'>, now: number = Date.now(),
): Standing {
  if (!result) return { word: 'not run', reason: 'never verified on this target' }
  if (!isVerdict(result)) {
    const { standIn, verdict, reason = verdict } = result
    const held = verdict === 'failed' ? 'it failed' : 'it ran'
    return { word: 'not run', reason: standIn === undefined ? reason : `${held} on a stand-in only (${standIn}), which proves nothing` }
  }
  if (result.verdict === 'failed' || result.verdict === 'flaky') {
    return { word: result.verdict, ...result.reason === undefined ? {} : { reason: result.reason } }
  }
  if (result.source.sha256 !== runbook.sha256) return { word: 'stale', reason: 'the page has changed since' }
  const age = now - Date.parse(result.finishedAt)
  if (!(age <= runbook.verifiedFor)) {
    return { word: 'stale', reason: `verified ${days(age)} ago, good for ${days(runbook.verifiedFor)}` }
  }
  return { word: 'verified' }
}

/** The newest result that is a verdict on the page; else the newest that tells why there is none. `results` newest first. */
export function latest(results: readonly Result[], id: string, target: string): Result | undefined {
  const own = results.filter(result => result.runbook === id && result.target === target)
  return own.find(isVerdict) ?? own[0]
}

function days(ms: number): string {
  const count = Math.floor(ms / 86_400_000)
  return count === 1 ? '1 day' : `${count} days`
}
