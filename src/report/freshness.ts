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

/** Of these a page may be verified with another release than the one that it was written for. */
const axes = { haproxy: 'HAProxy', cilium: 'Cilium' } as const

/**
 * What a result ran on in place of the release that its page was written for: `HAProxy 3.2`; undefined where it ran on that.
 * A page of several releases, such as one about the way from one to the next, has them all in each run.
 */
export function otherRelease({ versions }: Pick<Result, 'versions'>, runbook: Pick<Runbook, 'versions'>): string | undefined {
  const others = Object.entries(axes).flatMap(([component, name]) => {
    const [written, ran] = [runbook.versions[component], versions[component]?.replace(/^v/, '')]
    if (written === undefined || ran === undefined || written.includes(',') || `${ran}.`.startsWith(`${written}.`)) return []
    return [`${name} ${ran.split('.').slice(0, 2).join('.')}`]
  })
  return others.length === 0 ? undefined : others.join(', ')
}

/**
 * The newest result that is a verdict on the page; else the newest that tells why there is none. `results` newest first.
 * @param other release that they ran on in place of the page's own, as otherRelease says it
 */
export function latest(results: readonly Result[], runbook: Pick<Runbook, 'id' | 'versions'>, target: string, other?: string): Result | undefined {
  const own = results.filter(result => result.runbook === runbook.id && result.target === target && otherRelease(result, runbook) === other)
  return own.find(isVerdict) ?? own[0]
}

function days(ms: number): string {
  const count = Math.floor(ms / 86_400_000)
  return count === 1 ? '1 day' : `${count} days`
}
