/** Every verdict that was ever found out here, one line of JSON each: what tells a flake from a failure. */
import { digestOf, sealed } from './digest.ts'
import { figuresFor, longestLoss } from './figures.ts'
import { appendLine, readLines } from './json-lines.ts'
import type { Result } from './result.ts'

export interface HistoryEntry extends Pick<Result, 'runbook' | 'target' | 'cni' | 'verdict' | 'finishedAt' | 'durationMs' | 'retries' | 'versions' | 'origin'> {
  readonly schema: 1
  readonly sha256: string
  readonly reason?: string
  /** `check every-server-is-up on lb`. */
  readonly failed?: string
  /** The longest time without an answer that a check measured, in milliseconds. */
  readonly downtimeMs?: number
  /** Numbers that its checks printed, by figureKey: from them come the medians that pages show. */
  readonly figures?: Readonly<Record<string, number>>
  /** Digest of the result that it tells of. */
  readonly result: string
  /** Over all the rest of this entry. */
  readonly digest: string
}

export function historyEntry(result: Result): HistoryEntry {
  const { runbook, target, cni, verdict, finishedAt, durationMs, retries, source, reason, failure, versions, origin } = result
  const downtimeMs = longestLoss(result)?.milliseconds
  const figures = verdict === 'verified' ? figuresFor(result) : undefined
  return sealed({
    schema: 1 as const, runbook, target, cni, verdict, finishedAt, durationMs, retries, sha256: source.sha256, versions,
    ...reason === undefined ? {} : { reason },
    ...failure === undefined ? {} : { failed: `${failure.kind} ${failure.name} on ${failure.host}` },
    ...downtimeMs === undefined ? {} : { downtimeMs },
    ...figures === undefined ? {} : { figures },
    ...origin === undefined ? {} : { origin },
    result: digestOf(result),
  })
}

export const appendHistory = (file: string, result: Result): Promise<void> => appendLine(file, historyEntry(result))

/** Oldest first, whatever stands there: what may count is told by merge/entries.ts. */
export const readHistory = (file: string): Promise<HistoryEntry[]> => readLines(file)
