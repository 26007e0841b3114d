/** A measured matrix as a picture: senders in rows, receivers in columns, a letter in each cell, so that colour is not all. */
import { escapeXml } from '../report/junit.ts'
import { flowText, outcomes, type Outcome } from './flow.ts'
import { gridOf, letters } from './grid.ts'
import type { Cell } from './judge.ts'

const CELL = 22
const LETTER = 7.2

const colours: Readonly<Record<Outcome, string>> = {
  'allow': '#2f9e6e', 'drop': '#3d4f6e', 'reject': '#8a5aa8', 'refused': '#b07d2b', 'dns': '#b07d2b', 'no-route': '#8a5aa8', 'unsupported': '#9aa0a6', 'error': '#c0392b',
}

/** What a picture shows: a matrix that was measured, or one that was printed and read again. */
export interface Picture {
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  at(row: string, column: string): { readonly outcome: Outcome, readonly differs: boolean, readonly title: string } | undefined
}

export function matrixSvg(title: string, cells: readonly Cell[]): string {
  const { rows, columns, at } = gridOf(cells)
  return drawn(title, {
    rows, columns,
    at: (row, column) => {
      const cell = at(row, column)
      return cell && { outcome: cell.outcome, differs: cell.ok === false, title: `${flowText(cell.flow)}: ${cell.outcome}${cell.ok === false ? `; ${cell.why}` : ''}` }
    },
  })
}

/** Of its own size in pixels; text takes the colour of the page that it is put into. */
export function drawn(title: string, { rows, columns, at }: Picture): string {
  const cells = rows.flatMap((row, r) => columns.flatMap((column, c) => {
    const cell = at(row, column)
    return cell === undefined ? [] : [{ ...cell, r, c }]
  }))
  const left = Math.ceil(Math.max(0, ...rows.map(({ length }) => length)) * LETTER) + 12
  const top = Math.ceil(Math.max(0, ...columns.map(({ length }) => length)) * LETTER) + 12
  const used = (Object.keys(outcomes) as Outcome[]).filter(outcome => cells.some(cell => cell.outcome === outcome))
  const width = Math.max(left + columns.length * CELL + 12, ...used.map(outcome => 40 + (outcome.length + outcomes[outcome].length + 2) * LETTER))
  const bottom = top + rows.length * CELL
  const height = bottom + 16 + (used.length + 1) * CELL
  const differ = cells.filter(({ differs }) => differs).length
  const box = (x: number, y: number, outcome: Outcome): string =>
    `<rect x="${x}" y="${y}" width="${CELL - 2}" height="${CELL - 2}" rx="3" fill="${colours[outcome]}"/>`
    + `<text x="${x + CELL / 2 - 1}" y="${y + CELL / 2 + 3}" text-anchor="middle" fill="#fff">${letters[outcome] === '.' ? '✓' : letters[outcome]}</text>`
  const boxes = cells.map(({ r, c, outcome, differs, title: told }) => {
    const [x, y] = [left + c * CELL, top + r * CELL]
    const ring = differs ? `<rect x="${x - 1}" y="${y - 1}" width="${CELL}" height="${CELL}" rx="4" fill="none" stroke="#e03131" stroke-width="3"/>` : ''
    return `<g><title>${escapeXml(told)}</title>${box(x, y, outcome)}${ring}</g>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(width)}" height="${height}" viewBox="0 0 ${Math.ceil(width)} ${height}" role="img" font-family="ui-monospace, monospace" font-size="12" fill="currentColor">
<title>${escapeXml(title)}</title>
<desc>${cells.length} flows, ${differ === 0 ? 'all as expected' : `${differ} not as expected, ringed in red`}</desc>
${rows.map((row, r) => `<text x="${left - 8}" y="${top + r * CELL + 14}" text-anchor="end">${escapeXml(row)}</text>`).join('\n')}
${columns.map((column, c) => `<text transform="translate(${left + c * CELL + 14} ${top - 8}) rotate(-90)">${escapeXml(column)}</text>`).join('\n')}
${boxes.join('\n')}
${used.map((outcome, index) => `${box(8, bottom + 16 + index * CELL, outcome)}<text x="${14 + CELL}" y="${bottom + 30 + index * CELL}">${outcome}: ${escapeXml(outcomes[outcome])}</text>`).join('\n')}
</svg>
`
}
