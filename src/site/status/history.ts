/**
 * Verdicts over time: lines of the history files, and the results that the site shows. PROOFBOOK_HISTORY names other files
 * (separated as in PATH); tests use it.
 */
import { delimiter } from 'node:path'
import { historyEntry, readHistory, type HistoryEntry } from '../../report/history.ts'
import type { Result, Verdict } from '../../report/result.ts'
import { now } from '../now.ts'

export type { HistoryEntry }

/** How many of a page's results the site shows. */
export const SHOWN = 30

const verdicts: ReadonlySet<string> = new Set<Verdict>(['verified', 'flaky', 'stand-in', 'failed', 'infrastructure-error', 'not-run'])

/** A line that anybody may have written: what is no verdict, or of no time that has been, tells nothing. */
const isSound = ({ runbook, target, verdict, finishedAt }: Partial<HistoryEntry>): boolean =>
  typeof runbook === 'string' && typeof target === 'string' && verdicts.has(String(verdict)) && Date.parse(String(finishedAt)) <= now()

const keyOf = ({ runbook, target, cni, finishedAt }: HistoryEntry): string => `${runbook} ${target} ${cni} ${finishedAt}`

/** Each verdict once, oldest first. */
export function joined(...lists: readonly (readonly HistoryEntry[])[]): HistoryEntry[] {
  const known = new Map(lists.flat().filter(isSound).map(entry => [keyOf(entry), entry]))
  return [...known.values()].toSorted((a, b) => Date.parse(a.finishedAt) - Date.parse(b.finishedAt) || keyOf(a).localeCompare(keyOf(b)))
}

export async function bookHistory(results: readonly Result[]): Promise<HistoryEntry[]> {
  const files = process.env.PROOFBOOK_HISTORY?.split(delimiter) ?? ['src/content/history.jsonl', '.proofbook/history.jsonl']
  return joined(...await Promise.all(files.map(file => readHistory(file))), results.map(result => historyEntry(result)))
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
