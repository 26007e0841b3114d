import type { Target } from '../target/target.ts'
import type { Emit } from './events.ts'
import type { Planned } from './plan.ts'
import type { Left } from './select.ts'

/** What every part of a run needs. */
export interface Context {
  readonly target: Target
  readonly values: Readonly<Record<string, string>>
  /** Every block of the page. */
  readonly plan: readonly Planned[]
  readonly left: Left
  /** Faults may be injected: only `verify` does, and only in a lab. */
  readonly drills: boolean
  readonly signal: AbortSignal
  readonly emit: Emit
}
