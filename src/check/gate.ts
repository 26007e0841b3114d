import type { Diagnostic, Runbook } from '../runbook/model.ts'

/** What a gate is given beside the page. */
export interface GateContext {
  /** The page's text, LF line ends. */
  readonly source: string
  readonly lines: readonly string[]
  /** Default of each variable: gates read a page as the lab runs it. */
  readonly values: Readonly<Record<string, string>>
  /** One line for people, such as a gate that could not look. */
  readonly note: (line: string) => void
}

/** One static check of a page that parsed. */
export interface Gate {
  readonly name: string
  check(runbook: Runbook, context: GateContext): Promise<readonly Diagnostic[]>
}

/** The page's place of a line of a fence's text; `row` from 0, `column` from 1. Indented fences are accounted for. */
export function placeOf(fence: { readonly text: string, readonly position: { readonly line: number } },
  lines: readonly string[], row: number, column = 1): { position: Diagnostic['position'], length: number } {
  const line = fence.position.line + 1 + row
  const text = fence.text.split('\n')[row] ?? ''
  const indent = Math.max(0, (lines[line - 1] ?? '').length - text.length)
  // A message about a whole line underlines it from its first visible character on.
  const start = column > 1 ? column : text.length - text.trimStart().length + 1
  return { position: { line, column: indent + start }, length: column > 1 ? 1 : Math.max(1, text.trim().length) }
}
