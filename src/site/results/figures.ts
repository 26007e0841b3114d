/** Numbers of a result for people. */
import { figureKey, measuredIn } from '../../report/figures.ts'
import { otherRelease } from '../../report/freshness.ts'
import type { HistoryEntry } from '../../report/history.ts'
import type { BlockResult, Result } from '../../report/result.ts'
import { median } from '../../report/trends.ts'
import type { BlockKind, Runbook } from '../../runbook/model.ts'
import { count } from '../words.ts'

/** `7 steps, 22 checks and 20 drills held` */
export function countsOf({ blocks }: Pick<Result, 'blocks'>): string {
  const held = blocks.filter(({ status }) => status === 'ok')
  const of = (...kinds: BlockKind[]) => new Set(held.filter(({ kind }) => kinds.includes(kind)).map(({ kind, name }) => `${kind} ${name}`)).size
  const parts = [
    count(of('step'), 'step'), count(of('check', 'precheck'), 'check'), count(of('drill'), 'drill'), count(of('rollback'), 'undo', 'undos'),
  ].filter(part => !part.startsWith('0 '))
  return parts.length === 0 ? 'Nothing ran' : `${parts.slice(0, -1).join(', ')}${parts.length > 1 ? ' and ' : ''}${parts.at(-1)} held`
}

export interface Figure {
  readonly name: string
  /** With its unit: the median of `runs` runs. */
  readonly value: string
  readonly runs: number
  /** What the last run printed, where that is another. */
  readonly last?: string
}

export interface Figures {
  readonly block: BlockResult
  readonly figures: readonly Figure[]
}

/** How many runs a median is of: one odd run of three does not show. */
const RUNS = 3

/**
 * What checks printed as lines of JSON: `{"requests":600,"failed":0,"slowest_ms":180}`; of each number the median of the
 * last three runs that held, this one among them.
 * @param before history of this page, on this target, of this source and on the same releases
 */
export function drillFigures(result: Pick<Result, 'blocks'>, before: readonly Pick<HistoryEntry, 'figures'>[] = []): Figures[] {
  return measuredIn(result).map(({ block, numbers }) => ({
    block,
    figures: Object.entries(numbers).map(([key, last]): Figure => {
      const all = [...before.flatMap(({ figures }) => figures?.[figureKey(block, key)] ?? []).slice(1 - RUNS), last]
      const middle = median(all)
      const [, what = key, unit] = /^(.+)_(ms|s)$/.exec(key) ?? []
      const text = (value: number): string => unit === undefined ? String(value) : `${value} ${unit}`
      return { name: what.replaceAll('_', ' '), value: text(middle), runs: all.length, ...last === middle ? {} : { last: text(last) } }
    }),
  }))
}

/** Verified runs of what a result ran: same page, target, network, source and releases, before it, oldest first. */
export function runsBefore(result: Result, history: readonly HistoryEntry[], runbook: Pick<Runbook, 'versions'>): HistoryEntry[] {
  return history.filter(entry => entry.verdict === 'verified' && entry.runbook === result.runbook && entry.target === result.target && entry.cni === result.cni
    && entry.sha256 === result.source.sha256 && entry.finishedAt < result.finishedAt && otherRelease(entry, runbook) === otherRelease(result, runbook))
}
