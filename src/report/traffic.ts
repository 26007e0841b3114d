/** What was measured of the traffic while a page was verified: part of a result. */
import type { BlockKind } from '../runbook/model.ts'

/** The block that a time belongs to. */
export interface BlockMark {
  readonly kind: BlockKind
  readonly name: string
  readonly host: string
  /** Of its fence in the page. */
  readonly line: number
}

/** A time in which a flow had no answer. */
export interface Outage {
  /** Milliseconds after the measurement began. */
  readonly atMs: number
  readonly durationMs: number
  /** What became of most of the questions, in a word; `gone` where nobody was there to ask. */
  readonly why: string
  /** The last step, drill or rollback that had begun before it. */
  readonly during?: BlockMark
}

/** One way of the page: through it, or back. */
export interface Way {
  readonly sent: number
  readonly failed: number
  /** All outages together. */
  readonly downtimeMs: number
  readonly longestGapMs: number
}

/** One flow as one place saw it. */
export interface FlowResult {
  readonly flow: string
  /** Host of the lab. */
  readonly from: string
  /** As the page declares it. */
  readonly budget?: string
  readonly there: Way
  /** Missing when the page was not undone. */
  readonly back?: Way
  /** The longest, in the order of time; those less than a second apart are one. */
  readonly outages: readonly Outage[]
  /** One character each `binMs`: `.` all answered, `1` to `9` tenths that failed, `x` none answered, `-` nobody asked. */
  readonly bins: string
}

export interface Traffic {
  readonly startedAt: string
  readonly durationMs: number
  /** Questions of one flow from one place. */
  readonly perSecond: number
  /** When the way back began. */
  readonly backAtMs?: number
  readonly binMs: number
  readonly flows: readonly FlowResult[]
}
