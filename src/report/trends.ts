/** What a history tells of each page on each target: how long, how often not, and what of that was new. Pure. */
import type { HistoryEntry } from './history.ts'

export interface Trend {
  readonly runbook: string
  readonly target: string
  readonly cni: string
  /** Verdicts on the page. */
  readonly runs: number
  readonly verified: number
  readonly flaky: number
  readonly failed: number
  /** Broken labs, interrupted runs and stand-ins: they say nothing of the page. */
  readonly without: number
  /** Of the runs that held, in milliseconds. */
  readonly medianMs?: number
  readonly lastMs?: number
  /** Medians of the newer half and of the older half, as a ratio: above 1 it became slower. From four runs on. */
  readonly slower?: number
  readonly downtimeMs?: { readonly median: number, readonly worst: number, readonly last: number }
  readonly lastVerified?: { readonly finishedAt: string, readonly versions: Readonly<Record<string, string>> }
  /** Times that it held and then failed, of one source: a flake rather than a mistake. */
  readonly turns: number
}

/** By page, target and network. @param entries in any order */
export function trendsOf(entries: readonly HistoryEntry[]): Trend[] {
  const groups = Object.values(Object.groupBy(entries, ({ runbook, target, cni }) => `${runbook} ${target} ${cni}`))
  return groups.map(group => trendOf(group!.toSorted((a, b) => Date.parse(a.finishedAt) - Date.parse(b.finishedAt))))
    .toSorted((a, b) => key(a) < key(b) ? -1 : 1)
}

function trendOf(entries: readonly HistoryEntry[]): Trend {
  const { runbook, target, cni } = entries[0]!
  const of = (verdict: HistoryEntry['verdict']) => entries.filter(entry => entry.verdict === verdict)
  const judged = entries.filter(({ verdict }) => verdict === 'verified' || verdict === 'flaky' || verdict === 'failed')
  const held = judged.filter(({ verdict }) => verdict !== 'failed')
  const times = held.map(({ durationMs }) => durationMs)
  const windows = held.flatMap(({ downtimeMs }) => downtimeMs ?? [])
  const last = of('verified').at(-1)
  return {
    runbook, target, cni,
    runs: judged.length, verified: of('verified').length, flaky: of('flaky').length, failed: of('failed').length,
    without: entries.length - judged.length,
    ...times.length === 0 ? {} : { medianMs: median(times), lastMs: times.at(-1)! },
    ...times.length < 4 ? {} : { slower: median(times.slice(Math.floor(times.length / 2))) / median(times.slice(0, Math.floor(times.length / 2))) },
    ...windows.length === 0 ? {} : { downtimeMs: { median: median(windows), worst: Math.max(...windows), last: windows.at(-1)! } },
    ...last === undefined ? {} : { lastVerified: { finishedAt: last.finishedAt, versions: last.versions } },
    turns: judged.filter((entry, index) => {
      const before = judged[index - 1]
      return entry.verdict === 'failed' && before !== undefined && before.verdict !== 'failed' && before.sha256 === entry.sha256
    }).length,
  }
}

const key = ({ runbook, target, cni }: Trend): string => `${runbook} ${target} ${cni}`

/** The lower one of the two in the middle. `numbers` not empty. */
export const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)]!
