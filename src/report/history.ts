/** Every verdict that was ever found out here, one line of JSON each: what tells a flake from a failure. */
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Result } from './result.ts'

export interface HistoryEntry extends Pick<Result, 'runbook' | 'target' | 'cni' | 'verdict' | 'finishedAt' | 'durationMs' | 'retries'> {
  readonly schema: 1
  readonly sha256: string
  readonly reason?: string
  /** `check every-server-is-up on lb`. */
  readonly failed?: string
}

export function historyEntry({ runbook, target, cni, verdict, finishedAt, durationMs, retries, source, reason, failure }: Result): HistoryEntry {
  return {
    schema: 1, runbook, target, cni, verdict, finishedAt, durationMs, retries, sha256: source.sha256,
    ...reason === undefined ? {} : { reason },
    ...failure === undefined ? {} : { failed: `${failure.kind} ${failure.name} on ${failure.host}` },
  }
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
