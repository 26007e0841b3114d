/** Placeholders of a page against its declarations. */
import { whyNotUsable, type Captured, type User } from './captures.ts'
import type { Report } from './field.ts'
import type { Entry } from './graph.ts'
import { matchers, REGEXP_MATCHER, SKIP_LINES } from './matchers.ts'
import type { Variable } from './model.ts'
import type { Fence } from './page.ts'
import { placeholders } from './placeholders.ts'
import { didYouMean } from './suggest.ts'

/** What the placeholders of one fence may name. */
export interface Scope {
  readonly variables: readonly Variable[]
  readonly captured: readonly Captured[]
  /** Names that a fence which could not be read may capture: they are not reported as undeclared. */
  readonly claimed: ReadonlySet<string>
  /** The block that the fence is, or whose output it is. */
  readonly user: User | undefined
  readonly isOutput: boolean
  /** Lines of the page. */
  readonly lines: readonly string[]
}

/** Reports names that are not declared and matchers outside output fences; returns each name met. */
export function checkPlaceholders(fence: Fence, scope: Scope, report: Report): Set<string> {
  const { isOutput, variables, captured, lines, user } = scope
  const used = new Set<string>()
  const names = [...variables, ...captured].map(({ name }) => name)
  const rows = fence.text.split('\n')
  const wrong = (row: number, column: number, length: number, message: string, received: string, expected: string) => {
    // A fence in a list or a quote is indented: the page's line ends with the fence's line.
    const line = fence.position.line + 1 + row
    const indent = Math.max(0, (lines[line - 1] ?? '').length - rows[row]!.length)
    report({ position: { line, column: indent + column + 1 }, message, received, expected, length })
  }
  const misplaced = (row: number, column: number, whole: string) => wrong(row, column, whole.length,
    `output matcher ${whole} in a fence that is not output`, whole, 'matchers in ```text output only')

  for (const { name, row, column } of placeholders(fence.text)) {
    used.add(name)
    const whole = `{{${name}}}`
    if (Object.hasOwn(matchers, name)) {
      if (!isOutput) misplaced(row, column, whole)
      continue
    }
    const value = captured.find((other) => other.name === name)
    const why = value && whyNotUsable(value, user)
    if (why) wrong(row, column, whole.length, why.message, whole, why.expected)
    if (!names.includes(name) && !scope.claimed.has(name)) {
      const known = isOutput ? [...names, ...Object.keys(matchers)] : names
      const expected = names.length === 0 ? 'a name declared under variables' : `one of ${known.join(', ')}`
      wrong(row, column, whole.length, `undeclared variable "${name}"${didYouMean(name, known)}`, whole,
        `${expected}; {{ ${name} }} with spaces stays as it is`)
    }
  }
  rows.forEach((text, row) => {
    const skip = text.indexOf(SKIP_LINES)
    const pattern = REGEXP_MATCHER.exec(text)
    if (!isOutput) {
      if (skip >= 0) misplaced(row, skip, SKIP_LINES)
      else if (pattern !== null) misplaced(row, pattern.index, pattern[0])
    } else if (skip >= 0 && text.trim() !== SKIP_LINES) {
      wrong(row, skip, SKIP_LINES.length, `${SKIP_LINES} beside other text`, text.trim(),
        `${SKIP_LINES} on a line of its own, or {{any}}`)
    } else if (pattern !== null) {
      try {
        new RegExp(pattern[0].slice('{{/'.length, -'/}}'.length))
      } catch (error) {
        wrong(row, pattern.index, pattern[0].length, 'bad regular expression', pattern[0], (error as Error).message)
      }
    }
  })
  return used
}

/** `ready=port:{{port}}`: the one word of a fence that takes values. Returns each name met. */
export function checkReadyValues({ block, words }: Entry, { variables, captured }: Scope, report: Report): Set<string> {
  const used = new Set(placeholders(block.ready?.value ?? '').map(({ name }) => name))
  const known = [...variables, ...captured.filter((value) => whyNotUsable(value, block) === undefined)]
  for (const name of used) {
    const word = words.get('ready')!
    const wrong = (message: string, expected: string) => report({ position: { line: block.position.line, column: word.column },
      length: word.length, message, received: `{{${name}}}`, expected })
    const value = known.find((other) => other.name === name)
    if (value === undefined) {
      wrong(`undeclared variable "${name}"${didYouMean(name, known.map((other) => other.name))}`, 'a name declared under variables')
    } else if (block.ready?.type === 'port' && value.type !== 'port') {
      wrong(`"ready" waits for the port of "${name}", which is none`, `a variable of type port, not ${value.type}`)
    }
  }
  return used
}
