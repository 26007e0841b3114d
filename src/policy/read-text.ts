/** The matrix that `policy matrix` printed, read again from a transcript, so that a page can draw it. Pure. */
import { stripVTControlCharacters } from 'node:util'
import { outcomes, type Outcome } from './flow.ts'
import { letters } from './grid.ts'
import type { Picture } from './svg.ts'

const outcomeOf = new Map(Object.entries(letters).map(([outcome, letter]): [string, Outcome] => [letter, outcome as Outcome]))

/** undefined when the text holds none. */
export function pictureIn(text: string): Picture | undefined {
  const lines = stripVTControlCharacters(text).split('\n')
  const head = lines.findIndex(line => /^ +1( +\d+)* *$/.test(line))
  if (head < 2) return undefined
  const count = lines[head]!.trim().split(/ +/).length
  const columns = lines.slice(head - 1 - count, head - 1).map(line => /^ *\d+ {2}(\S.*)$/.exec(line)?.[1])
  if (columns.length !== count || lines[head - 1] !== '' || columns.includes(undefined)) return undefined
  const wide = String(count).length + 2
  const found = new Map<string, { outcome: Outcome, differs: boolean, title: string }>()
  const rows: string[] = []
  for (const line of lines.slice(head + 1)) {
    const [, row] = /^(\S+) /.exec(line) ?? []
    if (row === undefined) break
    rows.push(row)
    // Cells stand at the end of the line, each as wide as the others; blanks behind the last may be cut off.
    const begin = lines[head]!.indexOf('1') + 1 - (wide - 1)
    columns.forEach((column, index) => {
      const cell = line.slice(begin + index * wide, begin + (index + 1) * wide)
      const outcome = outcomeOf.get(cell.trim().charAt(0))
      if (outcome === undefined) return
      const differs = cell.trim().endsWith('!')
      found.set(`${row} ${column}`, { outcome, differs, title: `${row} -> ${column}: ${outcome}, ${outcomes[outcome]}${differs ? '; not as expected' : ''}` })
    })
  }
  return rows.length === 0 ? undefined : { rows, columns: columns as string[], at: (row, column) => found.get(`${row} ${column}`) }
}
