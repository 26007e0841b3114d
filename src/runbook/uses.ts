/** Placeholders of a page against its declarations. */
import type { Report } from './field.ts'
import { matchers, REGEXP_MATCHER, SKIP_LINES } from './matchers.ts'
import type { Variable } from './model.ts'
import type { Fence } from './page.ts'
import { placeholders } from './placeholders.ts'
import { didYouMean } from './suggest.ts'

/** Reports names that are not declared and matchers outside output fences; adds each name met to `used`. */
export function checkPlaceholders(fence: Fence, isOutput: boolean, variables: readonly Variable[],
  lines: readonly string[], used: Set<string>, report: Report): void {
  const names = variables.map(({ name }) => name)
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
    } else if (!names.includes(name)) {
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
}
