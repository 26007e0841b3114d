/** From one night and the open issues to what is to be done on GitHub: one issue a runbook, and no word too many. Pure. */
import type { Result } from '../result.ts'
import { recall, type Memory } from './memory.ts'
import { failureKey, type Night } from './nights.ts'
import { bodyOf, failuresText, healedText, titleOf, type Place } from './text.ts'

export interface Issue {
  readonly number: number
  readonly body: string
}

export type Deed =
  | { readonly do: 'open', readonly runbook: string, readonly title: string, readonly body: string }
  /** It fails in another way than it was told; the issue's own text is renewed too. */
  | { readonly do: 'comment', readonly runbook: string, readonly number: number, readonly comment: string, readonly title: string, readonly body: string }
  /** It fails as it was told: nobody is called again. */
  | { readonly do: 'renew', readonly runbook: string, readonly number: number, readonly title: string, readonly body: string }
  | { readonly do: 'close', readonly runbook: string, readonly number: number, readonly comment: string }

/**
 * @param before results of earlier nights, for what was good last
 * @param open issues that carry Proofbook's label; those without its memory are left alone
 */
export function planIssues(nights: readonly Night[], before: readonly Result[], open: readonly Issue[], place: Place, now: Date): Deed[] {
  const known = new Map<string, { issue: Issue, memory: Memory }>()
  // The oldest of several counts.
  for (const issue of open.toSorted((a, b) => b.number - a.number)) {
    const memory = recall(issue.body)
    if (memory !== undefined) known.set(memory.runbook, { issue, memory })
  }
  return nights.flatMap((night): Deed[] => {
    const { runbook } = night
    const earlier = known.get(runbook)
    if (night.outcome === 'open' || earlier?.memory.run === place.run) return []
    if (night.outcome === 'held') {
      return earlier === undefined ? [] : [{ do: 'close', runbook, number: earlier.issue.number, comment: healedText(night, place) }]
    }
    const failure = failureKey(night)
    const memory: Memory = {
      runbook, failure, run: place.run, nights: (earlier?.memory.nights ?? 0) + 1, since: earlier?.memory.since ?? now.toISOString(),
    }
    const [title, body] = [titleOf(night), bodyOf(night, before, place, memory)]
    if (earlier === undefined) return [{ do: 'open', runbook, title, body }]
    const { issue: { number } } = earlier
    return earlier.memory.failure === failure ? [{ do: 'renew', runbook, number, title, body }]
      : [{ do: 'comment', runbook, number, title, body, comment: `It fails in another way now.\n\n${failuresText(night, before, place)}` }]
  })
}
