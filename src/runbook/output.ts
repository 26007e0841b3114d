/**
 * matchOutput(expected: string, actual: string, patternTime?: number): { ok: true } | { ok: false, diff: string }
 *
 * Lines are compared one by one. White space at the end of a line and empty lines at the end of the text do not count;
 * everything else does. Matchers are those of matchers.ts, `{{/re/}}` and, alone on a line, `{{...}}`.
 */
import { runInNewContext } from 'node:vm'
import { matchers, REGEXP_MATCHER, SKIP_LINES } from './matchers.ts'
import { fill, placeholders } from './placeholders.ts'

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
  const { cost, pairs } = align(rows, lines, fits)
  const more = all.length - lines.length
  if (cost === 0 && more === 0) return { ok: true }
  return { ok: false, diff: [...diffOf(pairs, rows, lines), ...(more > 0 ? [`(${more} more lines)`] : [])].join('\n') }
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

/** What an alignment pays: a row that is missing more than all lines that are too many, so that rows find their lines. */
const MISSING = 2 * LINE_LIMIT
const TOO_MANY = 1

/** Cheapest alignment; what `{{...}}` skips costs nothing. */
function align(rows: readonly Row[], lines: readonly string[],
  fits: readonly (readonly boolean[])[]): { cost: number, pairs: Pair[] } {
  const width = lines.length + 1
  const table = new Uint32Array((rows.length + 1) * width)
  const at = (i: number, j: number) => table[i * width + j]!
  const drop = (i: number) => rows[i]!.type === 'skip' ? 0 : MISSING
  const add = (i: number) => rows[i]!.type === 'skip' ? 0 : TOO_MANY
  for (let i = rows.length; i >= 0; i--) {
    for (let j = lines.length; j >= 0; j--) {
      if (i === rows.length) table[i * width + j] = (lines.length - j) * TOO_MANY
      else {
        let best = at(i + 1, j) + drop(i)
        if (j < lines.length) {
          best = Math.min(best, at(i, j + 1) + add(i))
          if (rows[i]!.type !== 'skip' && fits[i]![j]) best = Math.min(best, at(i + 1, j + 1))
        }
        table[i * width + j] = best
      }
    }
  }
  const pairs: Pair[] = []
  for (let i = 0, j = 0; i < rows.length || j < lines.length;) {
    const row = rows[i]
    if (row !== undefined && row.type !== 'skip' && j < lines.length && fits[i]![j] && at(i, j) === at(i + 1, j + 1)) {
      pairs.push({ row: i++, line: j++ })
    } else if (row !== undefined && at(i, j) === at(i + 1, j) + drop(i)) pairs.push({ row: i++ })
    else pairs.push(row?.type === 'skip' ? { row: i, line: j++ } : { line: j++ })
  }
  return { cost: at(0, 0), pairs }
}

/** A row of the page with the line that it fits (`{{...}}` with each line that it skips), or one of them alone. */
interface Pair {
  readonly row?: number
  readonly line?: number
}

/** What a reader sees: `  ` fits, `- ` is missing, `+ ` is too much. */
function diffOf(pairs: readonly Pair[], rows: readonly Row[], lines: readonly string[]): string[] {
  return pairs.map(({ row, line }) => {
    if (line !== undefined) return `${row === undefined ? '+' : ' '} ${lines[line]}`
    return `${rows[row!]!.type === 'skip' ? ' ' : '-'} ${rows[row!]!.text}`
  })
}

export interface Renewed {
  readonly text: string
  /** Its lines that are not the page's. */
  readonly fresh: readonly string[]
}

/**
 * Expected output that fits what was printed. Lines that fit stay as the page has them, with their matchers; a new line
 * takes over `{{name}}` from a line that it replaces, where it holds that value.
 * @param template the text of the page, `values` those of the run
 */
export function renewOutput(template: string, values: Readonly<Record<string, string>>, actual: string): Renewed {
  const originals = template.split('\n')
  const rows = toLines(fill(template, values)).map(readRow)
  const lines = toLines(actual)
  const fits = fitTable(rows, lines, 5000)
  if (fits === undefined) return { text: lines.join('\n'), fresh: lines }
  const out: string[] = []
  const fresh: string[] = []
  let replaced: string[] = []
  for (const { row, line } of align(rows, lines, fits).pairs) {
    if (row === undefined) {
      const text = withNames(lines[line!]!, replaced.join('\n'), values)
      out.push(text)
      fresh.push(text)
    } else if (rows[row]!.type === 'skip' ? line === undefined : line !== undefined) {
      out.push(originals[row]!)
      replaced = []
    } else if (rows[row]!.type !== 'skip') replaced.push(originals[row]!)
  }
  return { text: out.join('\n'), fresh }
}

function withNames(line: string, template: string, values: Readonly<Record<string, string>>): string {
  const names = placeholders(template).map(({ name }) => name).filter((name) => Object.hasOwn(values, name))
  return names.reduce((text, name) => text.replaceAll(values[name]!, `{{${name}}}`), line)
}
