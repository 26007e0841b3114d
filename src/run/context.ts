import type { Target } from '../target/target.ts'
import type { Emit } from './events.ts'
import type { Standing } from './journal/standing.ts'
import type { Planned } from './plan.ts'
import type { Left } from './select.ts'
import type { Service } from './service.ts'

/** What every part of a run needs. */
export interface Context {
  readonly target: Target
  /** Of variables, and what blocks have printed so far. */
  readonly values: Readonly<Record<string, string>>
  /** Every block of the page. */
  readonly plan: readonly Planned[]
  readonly left: Left
  /** Faults may be injected: only `verify` does, and only in a lab. */
  readonly drills: boolean
  readonly signal: AbortSignal
  readonly emit: Emit
  /** Adds a value that a block printed to `values`. */
  know(name: string, value: string): void
  /** Set for a background block that has `ready`. */
  readonly service?: Service
  /** What has become of the blocks so far, those of earlier processes included. */
  readonly standing: Standing
  /** Tells what a process of this run starts on a host from all else there; its own when not given. */
  mark(process?: number): string | undefined
  /** Resolves when every event so far is safe on the disk: awaited before anything is changed. */
  synced(): Promise<void>
}
