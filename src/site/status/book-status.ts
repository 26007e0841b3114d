/** What the home page, the status page, status.json, the badges and the feed say: all from here, so that they agree. */
import type { Result } from '../../report/result.ts'
import type { Runbook } from '../../runbook/model.ts'
import { allRunbooks } from '../book.ts'
import { now } from '../now.ts'
import { allResults } from '../results/read.ts'
import { worst, type Standing, type Word } from '../results/standing.ts'
import { shownStanding, standingsOf } from '../results/standings.ts'
import { bookOrder } from '../sidebar.ts'
import { abortPointsOf, allAborts, type AbortPoints } from './abort-points.ts'
import { cellsOf, type Cell } from './cells.ts'
import { coverageOf, type Coverage } from './coverage.ts'
import { bookHistory, SHOWN, type HistoryEntry } from './history.ts'
import { allLeftOut, leftOutOf, type LeftOutSteps } from './left-out.ts'
import { allCaught, keptPatches, mutantsOf, type Mutants } from './mutants.ts'

export interface PageStatus {
  readonly runbook: Runbook
  /** The worst of its targets: the one that a reader must know. */
  readonly word: Word
  readonly standings: readonly Standing[]
  readonly cells: readonly Cell[]
  /** Oldest first, the last 30. */
  readonly history: readonly HistoryEntry[]
  readonly coverage: Coverage
  readonly mutants: Mutants
  readonly leftOut: LeftOutSteps
  readonly abortPoints: AbortPoints
}

export interface BookStatus {
  readonly pages: readonly PageStatus[]
  readonly totals: Totals
  /** All that is known, oldest first. */
  readonly history: readonly HistoryEntry[]
}

export interface Totals {
  readonly runbooks: number
  readonly verified: number
  /** Blocks of the pages that ran and held in the results shown, each run of each host counted. */
  readonly steps: number
  readonly checks: number
  readonly faults: number
  /** When the newest verdict was found; undefined without any. */
  readonly newest?: string
}

/** Milliseconds for which one reading serves: a build asks for every page, and `verify` may write while you look at `npm run dev`. */
const KEEP = import.meta.env.PROD ? Infinity : 1000

let known: { readonly at: number, readonly status: Promise<BookStatus> } | undefined

export function bookStatus(): Promise<BookStatus> {
  if (known === undefined || Date.now() - known.at > KEEP) known = { at: Date.now(), status: readStatus() }
  return known.status
}

async function readStatus(): Promise<BookStatus> {
  const { results } = await allResults()
  const kept = keptPatches()
  const caught = await allCaught()
  const leftOut = await allLeftOut()
  const aborts = await allAborts()
  const history = await bookHistory(results)
  const order = bookOrder()
  const runbooks = allRunbooks().toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
  const pages = await Promise.all(runbooks.map(async (runbook): Promise<PageStatus> => {
    const standings = await standingsOf(runbook)
    return {
      runbook, standings,
      word: worst(standings),
      cells: cellsOf(runbook, results, standings, now()),
      history: history.filter(entry => entry.runbook === runbook.id).slice(-SHOWN),
      coverage: coverageOf(runbook, shownStanding(standings)?.result),
      mutants: mutantsOf(runbook, kept, caught),
      leftOut: leftOutOf(runbook, leftOut),
      abortPoints: abortPointsOf(runbook, aborts),
    }
  }))
  return { pages, totals: totalsOf(pages), history }
}

export function totalsOf(pages: readonly Pick<PageStatus, 'word' | 'standings'>[]): Totals {
  // What a failed or an outdated result counted is no figure to show.
  const results = pages.flatMap(({ standings }) => standings.flatMap(({ word, result }) => word === 'verified' && result !== undefined ? [result] : []))
  const held = (kinds: readonly string[]): number => results.flatMap(({ blocks }: Result) => blocks).filter(({ kind, status }) => status === 'ok' && kinds.includes(kind)).length
  const newest = pages.flatMap(({ standings }) => standings.flatMap(({ result }) => result?.finishedAt ?? [])).sort().at(-1)
  return {
    runbooks: pages.length,
    verified: pages.filter(({ word }) => word === 'verified').length,
    steps: held(['step', 'rollback']), checks: held(['precheck', 'check']), faults: held(['drill']),
    ...newest === undefined ? {} : { newest },
  }
}
