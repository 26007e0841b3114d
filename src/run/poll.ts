import { setTimeout as wait } from 'node:timers/promises'
import type { Polling } from '../runbook/model.ts'
import { Interrupted } from './errors.ts'

/** Milliseconds between two tries where the page does not say: the first pause, and the longest. */
export const FIRST_PAUSE = 250
export const LONGEST_PAUSE = 2_000

/** No try gets less than this, so that the last one has a chance. */
const LEAST_TRY = 1_000

export interface Polled<T> {
  /** The last try; the one before it where only the end of the time cut the last one short, which tells nothing. */
  readonly last: T
  readonly attempts: number
  /** The last successes came `stable` times in a row before the time was up. */
  readonly held: boolean
}

/**
 * Tries until `stable` successes came in a row or the time is up; pauses grow while it fails.
 * @param attempt gets the milliseconds that are left, at least LEAST_TRY
 * @param isCut whether a try ended because they were over
 */
export async function poll<T>(
  polling: Polling,
  attempt: (left: number) => Promise<T>,
  holds: (result: T) => boolean,
  signal: AbortSignal,
  isCut: (result: T) => boolean = () => false,
): Promise<Polled<T>> {
  const deadline = performance.now() + polling.eventually
  const { first, longest } = polling.backoff ?? { first: FIRST_PAUSE, longest: LONGEST_PAUSE }
  let pause = first
  let row = 0
  let whole: T | undefined
  for (let attempts = 1; ; attempts++) {
    const last = await attempt(Math.max(deadline - performance.now(), LEAST_TRY))
    row = holds(last) ? row + 1 : 0
    if (row >= polling.stable) return { last, attempts, held: true }
    const left = deadline - performance.now()
    if (!isCut(last)) whole = last
    if (left <= 0) return { last: whole ?? last, attempts, held: false }
    pause = row > 0 ? first : Math.min(pause * (attempts > 1 ? 1.5 : 1), longest)
    await wait(Math.min(pause, left), undefined, { signal }).catch(() => { throw new Interrupted() })
  }
}
