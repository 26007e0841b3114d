/**
 * Histories of many machines as one: the union of their entries. In whatever order and however often histories are merged,
 * the outcome is the same and no entry is lost: union is commutative, associative and idempotent. Pure.
 */
import { CLOCKS_DIFFER } from '../admit.ts'
import { canonical, digestOf } from '../digest.ts'
import type { HistoryEntry } from '../history.ts'

/** Oldest first; of entries that say the same thing, one. */
export function mergeEntries(histories: readonly (readonly HistoryEntry[])[]): HistoryEntry[] {
  const known = new Map(histories.flat().map(entry => [entry.digest, entry]))
  return [...known.values()].toSorted((a, b) => compare(a.finishedAt, b.finishedAt) || compare(a.digest, b.digest))
}

export interface ReadEntries {
  readonly entries: readonly HistoryEntry[]
  /** Lines that may not count, as they stand. */
  readonly refused: readonly { readonly line: number, readonly text: string, readonly reason: string }[]
}

/** @param now milliseconds since 1970 */
export function readEntries(text: string, now: number): ReadEntries {
  const entries: HistoryEntry[] = []
  const refused: ReadEntries['refused'][number][] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const read = entryOf(line, now)
    if (typeof read === 'string') refused.push({ line: index + 1, text: line, reason: read })
    else entries.push(read)
  }
  return { entries, refused }
}

/** One line of a history file each, as every machine writes it. */
export const entriesText = (entries: readonly HistoryEntry[]): string => entries.map(entry => `${canonical(entry)}\n`).join('')

function entryOf(line: string, now: number): HistoryEntry | string {
  let entry: HistoryEntry
  try {
    entry = JSON.parse(line) as HistoryEntry
  } catch (error) {
    return `it is not whole: ${(error as Error).message}`
  }
  if (entry?.schema !== 1 || !entry.runbook || !entry.target || !entry.verdict) return 'it is no entry of a history'
  if (entry.digest === undefined) return 'it has no digest: an older Proofbook wrote it'
  if (entry.digest !== digestOf(entry)) return 'its digest is not that of what it says'
  const finished = Date.parse(entry.finishedAt)
  if (Number.isNaN(finished)) return `received ${entry.finishedAt}, expected a date`
  return finished > now + CLOCKS_DIFFER ? `it is from the future: ${entry.finishedAt}` : entry
}

const compare = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0
