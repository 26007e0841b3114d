/**
 * Verdicts over time: lines of the history files, and the results that the site shows. PROOFBOOK_HISTORY names other files
 * (separated as in PATH); tests use it.
 */
import { readFile } from 'node:fs/promises'
import { delimiter } from 'node:path'
import { historyEntry, type HistoryEntry } from '../../report/history.ts'
import { mergeEntries, readEntries } from '../../report/merge/entries.ts'
import type { Result, Verdict } from '../../report/result.ts'
import { now } from '../now.ts'

export type { HistoryEntry }

/** How many of a page's results the site shows. */
export const SHOWN = 30

const verdicts: ReadonlySet<string> = new Set<Verdict>(['verified', 'flaky', 'stand-in', 'failed', 'infrastructure-error', 'not-run'])

/** What may count of a history file: whole, as it was written, and of a time that has been. */
export const soundEntries = (text: string): HistoryEntry[] => readEntries(text, now()).entries.filter(({ verdict }) => verdicts.has(verdict))

/** Each verdict once, oldest first. */
export async function bookHistory(results: readonly Result[]): Promise<HistoryEntry[]> {
  const files = process.env.PROOFBOOK_HISTORY?.split(delimiter) ?? ['src/content/history.jsonl', '.proofbook/history.jsonl']
  const texts = await Promise.all(files.map(file => readFile(file, 'utf8').catch(() => '')))
  return mergeEntries([...texts.map(soundEntries), results.map(historyEntry)])
}

/** A verdict that differs from the one before it, of the same page in the same place. */
export interface Change {
  readonly entry: HistoryEntry
  readonly before?: Verdict
}

/** Newest first. A lab that broke says nothing about a page, so it changes nothing. */
export function changesIn(entries: readonly HistoryEntry[]): Change[] {
  const last = new Map<string, Verdict>()
  const changes: Change[] = []
  for (const entry of entries) {
    if (entry.verdict === 'infrastructure-error' || entry.verdict === 'not-run') continue
    const place = `${entry.runbook} ${entry.target} ${entry.cni}`
    const before = last.get(place)
    last.set(place, entry.verdict)
    if (before !== entry.verdict) changes.push({ entry, ...before === undefined ? {} : { before } })
  }
  return changes.reverse()
}
