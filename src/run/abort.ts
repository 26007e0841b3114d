/** Where a reader may stop on the way there and go back: after each step, when all that follows it up to the next one has run. */
import type { BlockResult } from '../report/result.ts'
import { BadInput } from '../runbook/errors.ts'
import { didYouMean } from '../runbook/suggest.ts'
import { excused, type Rules } from './excused.ts'
import { walkable, type Planned } from './plan.ts'
import type { Left } from './select.ts'

/** What a verification asks that only tries the way back: no controls, no second pass, no traffic. */
export interface Abort {
  /** The first step that is not done; the whole page runs when not given. */
  readonly before?: string
  /** Checks of the page to ask once more after the way back, beside those of before. */
  readonly again: readonly string[]
}

export interface AbortPoint {
  /** The last step that is done. */
  readonly step: Planned
  /** The first that is not; after the last step there is none, and the whole page has run. */
  readonly before?: string
}

/** In page order. A step that does not run here is no point, and none to stop before either. */
export function abortPoints(rules: Rules): AbortPoint[] {
  const steps = rules.plan.filter(block => block.kind === 'step' && excused(rules, block) === undefined)
  return steps.map((step, index) => {
    const before = steps[index + 1]?.name
    return before === undefined ? { step } : { step, before }
  })
}

/** Nothing of the page from this step on, but for its prechecks: undos and cleanups are those of the whole page. */
export function leftFrom(plan: readonly Planned[], before: string): Left {
  const next = plan.find(({ kind, name }) => kind === 'step' && name === before)!
  return block => walkable(block) && block.kind !== 'precheck' && block.line >= next.line ? `stopped before ${before}` : undefined
}

/** Those of the named checks that held on the way there: they are asked again after the way back. */
export function heldBefore(plan: readonly Planned[], names: readonly string[], blocks: readonly BlockResult[]): Planned[] {
  return plan.filter(({ kind, name }) => kind === 'check' && names.includes(name)
    && blocks.some(block => block.kind === 'check' && block.name === name && block.status === 'ok'))
}

/** @throws BadInput when one of these is not a check of the page */
export function refuseUnknownChecks(option: string, plan: readonly Planned[], names: readonly string[]): void {
  const checks = plan.filter(({ kind }) => kind === 'check').map(({ name }) => name)
  for (const name of names) {
    if (!checks.includes(name)) throw new BadInput(`received ${option} ${name}, expected a check of this page${didYouMean(name, checks) || `: ${checks.join(', ') || 'it has none'}`}`)
  }
}
