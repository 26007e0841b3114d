/** A measured matrix for a terminal. */
import { flowText, outcomes, type Outcome } from './flow.ts'
import { gridOf, letters } from './grid.ts'
import { summaryOf, type Cell } from './judge.ts'

export type Mark = (kind: 'held' | 'differs' | 'unasked', text: string) => string

/** A grid with a letter a cell, `!` beside those that differ, and a line for each of these. */
export function matrixText(cells: readonly Cell[], mark: Mark = (_, text) => text): string {
  const { rows, columns, at } = gridOf(cells)
  const width = Math.max(...rows.map(row => row.length))
  const wide = String(columns.length).length + 1
  const used = new Set(cells.map(({ outcome }) => outcome))
  const { held, differ, unasked } = summaryOf(cells)
  return [
    ...columns.map((column, index) => `${String(index + 1).padStart(wide)}  ${column}`),
    '',
    `${' '.repeat(width)} ${columns.map((_, index) => `${String(index + 1).padStart(wide)} `).join('').trimEnd()}`,
    ...rows.map(row => `${row.padEnd(width)} ${columns.map((column) => {
      const cell = at(row, column)
      if (cell === undefined) return ' '.repeat(wide + 1)
      const shown = letters[cell.outcome].padStart(wide) + (cell.ok === false ? '!' : ' ')
      return mark(cell.ok === null ? 'unasked' : cell.ok ? 'held' : 'differs', shown)
    }).join('')}`),
    '',
    ...(Object.keys(outcomes) as Outcome[]).filter(outcome => used.has(outcome)).map(outcome => `${letters[outcome]}  ${outcome}: ${outcomes[outcome]}`),
    ...differ === 0 ? [] : ['', ...cells.filter(({ ok }) => ok === false).map(({ flow, why }) => `${mark('differs', 'DIFFERS')}  ${flowText(flow)}: ${why}`)],
    '',
    `${held} of ${cells.length} cells are as expected, ${differ} differ${unasked > 0 ? `, ${unasked} could not be asked` : ''}`,
  ].join('\n')
}
