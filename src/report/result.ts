/**
 * The verdict of one runbook on one target at one time: written by `verify`, read by the site.
 */
import type { BlockKind } from '../runbook/model.ts'
import type { ImageRecord } from '../target/target.ts'
import type { Origin } from './origin.ts'
import type { Traffic } from './traffic.ts'

export const RESULT_SCHEMA = 1

/**
 * `verified`: everything ran and held, no retries, nothing left behind. `flaky`: it held, after a retry.
 * `failed`: something did not hold. `infrastructure-error`: no verdict on the page. `not-run`: with a reason.
 * `stand-in`: it held, where something else stood in for the target; of the target it proves nothing.
 */
export type Verdict = 'verified' | 'flaky' | 'stand-in' | 'failed' | 'infrastructure-error' | 'not-run'

export interface BlockResult {
  readonly kind: BlockKind
  readonly name: string
  readonly host: string
  /** Line of the fence in the page. */
  readonly line: number
  /** Of an idempotent page, steps and checks run again as `second-pass`; checks run again after the rollback as `after-rollback`. */
  readonly phase: 'precheck' | 'steps' | 'second-pass' | 'rollback' | 'after-rollback' | 'cleanup'
  readonly status: 'ok' | 'failed' | 'skipped' | 'not-run'
  /** Why it was skipped or not run. */
  readonly reason?: string
  readonly exit?: number
  /** Tries of a polled check; polling is not a retry. */
  readonly attempts: number
  readonly startedAt: string
  readonly durationMs: number
  /** What the block printed, as it came (may hold ANSI colours), at most 64 KiB: the middle is cut and says so. */
  readonly transcript: string
  /** The bytes that bash received or that were written, when they differ from the page by values of variables. */
  readonly sent?: string
  /** The value that it printed for later blocks (`capture=`). */
  readonly captured?: { readonly name: string, readonly value: string }
}

/** A check, asked before there was anything for it to find. */
export interface Control {
  readonly check: string
  readonly host: string
  readonly line: number
  readonly failed: boolean
}

export interface Failure {
  readonly host: string
  readonly kind: BlockKind
  readonly name: string
  readonly line: number
  readonly message: string
  readonly received: string
  readonly expected: string
  /** Last lines that the block printed. */
  readonly tail: string
  /** What to try next. */
  readonly hint?: string
}

export interface Result {
  readonly schema: typeof RESULT_SCHEMA
  readonly proofbook: string
  readonly runbook: string
  readonly title: string
  /** `kind`, `k3d`, `hosts`. */
  readonly target: string
  readonly source: { readonly path: string, readonly sha256: string }
  readonly verdict: Verdict
  /** What stood in for the target, also where the page failed: such a result never counts. */
  readonly standIn?: string
  /** Why, for every verdict but verified. */
  readonly reason?: string
  readonly startedAt: string
  readonly finishedAt: string
  readonly durationMs: number
  readonly verifiedForMs: number
  readonly values: Readonly<Record<string, string>>
  readonly versions: Readonly<Record<string, string>>
  readonly images: readonly ImageRecord[]
  readonly topology: string
  readonly cni: string
  /** Packets of the lab could leave the machine; of any other lab they could not. */
  readonly egress?: 'open'
  readonly retries: number
  readonly blocks: readonly BlockResult[]
  /** Facts that differ between before and after; must be empty to be verified. */
  readonly leftBehind: readonly string[]
  /** Of an idempotent page: facts that its second pass changed; must be empty to be verified. */
  readonly secondPass?: readonly string[]
  readonly failure?: Failure
  /** Of a page that declares flows: what became of them meanwhile. */
  readonly traffic?: Traffic
  /** Every check that was asked once before the first step: whether it failed then, as a check must be able to. */
  readonly controls?: readonly Control[]
  /** After a failure: paths of what was saved of the lab, relative to the run's folder. */
  readonly diagnostics?: readonly string[]
  /** The workflow that ran it; of a machine of one's own there is none. */
  readonly origin?: Origin
  /** Over all the rest, as a file has it: see digest.ts. */
  readonly digest?: string
}
