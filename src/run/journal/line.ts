/** One line of a journal, as it is on disk. */
import type { BlockResult } from '../../report/result.ts'
import type { RunEvent } from '../events.ts'

export const JOURNAL_SCHEMA = 1

/** What every line begins with. */
export interface Stamp {
  /** JOURNAL_SCHEMA of the Proofbook that wrote the line. */
  readonly v: number
  /** 1, 2, 3, ... without a gap: the order of events, whatever the clock does. */
  readonly seq: number
  /** Wall clock, for people only: it may jump. */
  readonly at: string
  /** Milliseconds since this process opened the journal, by a clock that only goes forward. */
  readonly ms: number
}

/** What a block printed and what was sent to it are too long for a line: files beside the journal have them. */
export type RecordedBlock = Omit<BlockResult, 'transcript' | 'sent'>

export type RecordedEvent =
  | Exclude<RunEvent, { readonly event: 'output' | 'end' }>
  /** `transcript`: path of what the block printed, from the run's folder. */
  | { readonly event: 'end', readonly block: RecordedBlock, readonly transcript?: string }

export type JournalLine = Stamp & RecordedEvent
