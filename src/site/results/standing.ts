/** What the site says of a runbook on a target today. Only `verified` is green. */
import { basename } from 'node:path'
import { freshness, type Freshness } from '../../report/freshness.ts'
import type { Refusal } from '../../report/admit.ts'
import type { Result } from '../../report/result.ts'
import type { Runbook } from '../../runbook/model.ts'

export type Word = Freshness
export type Tone = 'good' | 'caution' | 'bad' | 'none'

export const toneOf: Readonly<Record<Word, Tone>> = {
  verified: 'good', stale: 'caution', flaky: 'caution', failed: 'bad', 'not run': 'none',
}

export interface Standing {
  readonly id: string
  readonly target: string
  readonly word: Word
  /** Why this word: one sentence, for the tooltip and the status page. */
  readonly reason: string
  /** The result behind it; none when there is nothing to look at. */
  readonly result?: Result
}

/** `now` in milliseconds since 1970. */
export function standingOf(runbook: Runbook, target: string, result: Result | undefined, now: number): Standing {
  const { word, reason } = judge(runbook, result, now)
  return { id: runbook.id, target, word, reason: asSentence(reason), ...(result === undefined ? {} : { result }) }
}

/** A result that may not count hides what an older one said: nobody knows what happened in between. */
export const refusedStanding = ({ id }: Pick<Runbook, 'id'>, target: string, { file, reason }: Refusal): Standing =>
  ({ id, target, word: 'not run', reason: asSentence(`the result ${basename(file)} is refused: ${reason}`) })

function judge(runbook: Runbook, result: Result | undefined, now: number): { readonly word: Word, readonly reason: string } {
  const { word, reason } = freshness(result, runbook, now)
  if (word !== 'verified') return { word, reason: reason ?? 'no reason given' }
  const others = runbook.variables.filter(variable => result!.values[variable.name] !== undefined && result!.values[variable.name] !== variable.default)
  if (others.length > 0) {
    return { word: 'stale', reason: `it ran with other values than the page prints: ${others.map(({ name }) => `${name}=${result!.values[name]}`).join(', ')}` }
  }
  return { word, reason: 'every block ran and held, without a retry, and nothing was left behind' }
}

const asSentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.')

const order: readonly Word[] = ['failed', 'flaky', 'stale', 'not run', 'verified']

/** One word for several targets: the one that a reader must know first. */
export function worst(standings: readonly Standing[]): Word {
  return order.find(word => standings.some(standing => standing.word === word)) ?? 'not run'
}
