/**
 * matchOutput(expected: string, actual: string, patternTime?: number): { ok: true } | { ok: false, diff: string }
 *
 * Lines are compared one by one. White space at the end of a line and empty lines at the end of the text do not count;
 * everything else does. Matchers are those of matchers.ts, `{{/re/}}` and, alone on a line, `{{...}}`.
 */
import { runInNewContext } from 'node:vm'
import { matchers, REGEXP_MATCHER, SKIP_LINES } from './matchers.ts'

export type Match = { readonly ok: true } | { readonly ok: false, readonly diff: string }

/** Lines of output that are compared; what is beyond cannot be read as a diff either. */
const LINE_LIMIT = 5000

/** Any matcher within a line; the one group makes `split` keep what it found. */
const MATCHER = new RegExp(`(${REGEXP_MATCHER.source}|\\{\\{(?:${Object.keys(matchers).join('|')})\\}\\})`)

type Row =
  | { readonly type: 'literal' | 'skip', readonly text: string }
  | { readonly type: 'pattern', readonly text: string, readonly source: string }

/**
 * Compares what a block printed with its output fence, variables filled in. `patternTime`, in milliseconds, bounds an
 * expression that backtracks for ever; a sound one takes less than a millisecond, even on a busy machine.
 */
export function matchOutput(expected: string, actual: string, patternTime = 5000): Match {
  const rows = toLines(expected).map(readRow)
  const all = toLines(actual)
  const lines = all.slice(0, LINE_LIMIT)
  const fits = fitTable(rows, lines, patternTime)
  if (fits === undefined) {
    const hint = `the patterns took longer than ${patternTime} ms; make {{/re/}} simpler`
    return { ok: false, diff: [hint, ...lines.map((line) => `+ ${line}`)].join('\n') }
  }
  const { cost, diff } = align(rows, lines, fits)
  const more = all.length - lines.length
  if (cost === 0 && more === 0) return { ok: true }
  return { ok: false, diff: [...diff, ...(more > 0 ? [`(${more} more lines)`] : [])].join('\n') }
}

function toLines(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trimEnd())
  while (lines.at(-1) === '') lines.pop()
  return lines
}

function readRow(text: string): Row {
  if (text.trim() === SKIP_LINES) return { type: 'skip', text }
  const parts = text.split(MATCHER)
  if (parts.length === 1) return { type: 'literal', text }
  const source = parts.map((part, index) => {
    if (index % 2 === 0) return part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    const name = part.slice(2, -2)
    return Object.hasOwn(matchers, name) ? matchers[name]! : `(?:${name.slice(1, -1)})`
  }).join('')
  return { type: 'pattern', text, source: `^${source}$` }
}

/** For each row and line, whether they fit; undefined when the time limit ended it. */
function fitTable(rows: readonly Row[], lines: readonly string[], patternTime: number): boolean[][] | undefined {
  const patterns = rows.map((row) => row.type === 'pattern' ? row.source : null)
  let matched: boolean[][] = []
  if (patterns.some((source) => source !== null)) {
    try {
      // Only a context of its own lets an expression that backtracks for ever be stopped.
      const code = `patterns.map((source) => {
        const pattern = new RegExp(source)
        return source === null ? [] : lines.map((line) => pattern.test(line))
      })`
      matched = runInNewContext(code, { patterns, lines }, { timeout: patternTime }) as boolean[][]
    } catch {
      return undefined
    }
  }
  return rows.map((row, i) => row.type === 'pattern' ? matched[i]!
    : lines.map((line) => row.type === 'skip' || line === row.text))
}

/** Cheapest alignment: a line missing or a line too many costs 1, what `{{...}}` skips costs nothing. */
function align(rows: readonly Row[], lines: readonly string[],
  fits: readonly (readonly boolean[])[]): { cost: number, diff: string[] } {
  const width = lines.length + 1
  const table = new Uint32Array((rows.length + 1) * width)
  const at = (i: number, j: number) => table[i * width + j]!
  const drop = (i: number) => rows[i]!.type === 'skip' ? 0 : 1
  for (let i = rows.length; i >= 0; i--) {
    for (let j = lines.length; j >= 0; j--) {
      if (i === rows.length) table[i * width + j] = lines.length - j
      else {
        let best = at(i + 1, j) + drop(i)
        if (j < lines.length) {
          best = Math.min(best, at(i, j + 1) + drop(i))
          if (rows[i]!.type !== 'skip' && fits[i]![j]) best = Math.min(best, at(i + 1, j + 1))
        }
        table[i * width + j] = best
      }
    }
  }
  const diff: string[] = []
  for (let i = 0, j = 0; i < rows.length || j < lines.length;) {
    const row = rows[i]
    if (row !== undefined && row.type !== 'skip' && j < lines.length && fits[i]![j] && at(i, j) === at(i + 1, j + 1)) {
      diff.push(`  ${lines[j]}`)
      i++
      j++
    } else if (row !== undefined && at(i, j) === at(i + 1, j) + drop(i)) {
      diff.push(`${row.type === 'skip' ? ' ' : '-'} ${row.text}`)
      i++
    } else {
      diff.push(`${row?.type === 'skip' ? ' ' : '+'} ${lines[j]}`)
      j++
    }
  }
  return { cost: at(0, 0), diff }
}
