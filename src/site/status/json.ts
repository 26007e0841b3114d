/** `/status.json`: what the status page shows, for programs. `schema` rises with each change of meaning. */
import type { BookStatus, PageStatus } from './book-status.ts'

/** @param built a date; @param home where the site is, with a slash at the end */
export const statusJson = ({ pages, totals }: BookStatus, built: string, home: string) => ({
  schema: 1,
  builtAt: built,
  totals,
  runbooks: pages.map(page => pageJson(page, home)),
})

const pageJson = ({ runbook, word, standings, cells, history, coverage, mutants, leftOut, abortPoints }: PageStatus, home: string) => ({
  id: runbook.id, title: runbook.title, status: word,
  page: `${home}${runbook.id}/`, badge: `${home}badges/${runbook.id}.svg`,
  sha256: runbook.sha256,
  targets: standings.map(({ target, word, reason, result }) => ({ target, status: word, reason, ...result === undefined ? {} : { finishedAt: result.finishedAt, durationMs: result.durationMs, sha256: result.source.sha256, versions: result.versions } })),
  matrix: cells.map(({ target, cni, release, standing }) => ({ target, cni, ...release === undefined ? {} : { release }, status: standing.word })),
  history: history.map(({ target, cni, verdict, finishedAt, durationMs }) => ({ target, cni, verdict, finishedAt, durationMs })),
  flakes: history.filter(({ verdict }) => verdict === 'flaky').length,
  coverage: { ran: coverage.ran, blocks: coverage.blocks, shownOnly: coverage.shownOnly },
  mutants,
  leftOut,
  abortPoints,
})
