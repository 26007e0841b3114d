/** Every verdict that was ever found out here, one line of JSON each: what tells a flake from a failure. */
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { digestOf, sealed } from './digest.ts'
import { downtimeOf } from './downtime.ts'
import type { Result } from './result.ts'

export interface HistoryEntry extends Pick<Result, 'runbook' | 'target' | 'cni' | 'verdict' | 'finishedAt' | 'durationMs' | 'retries' | 'versions' | 'origin'> {
  readonly schema: 1
  readonly sha256: string
  readonly reason?: string
  /** `check every-server-is-up on lb`. */
  readonly failed?: string
  /** The longest time without an answer that a check measured, in milliseconds. */
  readonly downtimeMs?: number
  /** Digest of the result that it tells of. */
  readonly result: string
  /** Over all the rest of this entry. */
  readonly digest: string
}

export function historyEntry(result: Result): HistoryEntry {
  const { runbook, target, cni, verdict, finishedAt, durationMs, retries, source, reason, failure, versions, origin } = result
  const downtimeMs = downtimeOf(result)
  return sealed({
    schema: 1 as const, runbook, target, cni, verdict, finishedAt, durationMs, retries, sha256: source.sha256, versions,
    ...reason === undefined ? {} : { reason },
    ...failure === undefined ? {} : { failed: `${failure.kind} ${failure.name} on ${failure.host}` },
    ...downtimeMs === undefined ? {} : { downtimeMs },
    ...origin === undefined ? {} : { origin },
    result: digestOf(result),
  })
}

/** One write a line: of two processes that append at once, neither loses its own. */
export async function appendHistory(file: string, result: Result): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await appendFile(file, `${JSON.stringify(historyEntry(result))}\n`)
}

/** Oldest first; lines that are not whole (a power cut) are passed over. */
export async function readHistory(file: string): Promise<HistoryEntry[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as HistoryEntry]
    } catch {
      return []
    }
  })
}
