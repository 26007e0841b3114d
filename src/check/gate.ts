import type { Node } from '../runbook/mdast.ts'
import type { Diagnostic, Runbook } from '../runbook/model.ts'

/** A page that parsed, as gates look at it. */
export interface Page {
  readonly runbook: Runbook
  /** The page's text, LF line ends. */
  readonly source: string
  readonly lines: readonly string[]
  readonly tree: Node
  /** What a link to it may name behind #; made when a gate asks for it. */
  readonly anchors: ReadonlySet<string>
  /** Default of each variable and an example of each captured value: gates read a page as the lab runs it. */
  readonly values: Readonly<Record<string, string>>
}

/** What a gate is given beside the pages. */
export interface GateContext {
  /** One line for people, such as a gate that could not look. */
  readonly note: (line: string) => void
}

/** One static check of pages that parsed. It gets all pages at once, so that one process can look at many. */
export interface Gate {
  readonly name: string
  /** What it refuses, for the reference page: a sentence without its end. */
  readonly refuses: string
  check(pages: readonly Page[], context: GateContext): Promise<readonly Diagnostic[]>
}

/** A gate that looks at one page at a time. */
export function pageGate(gate: Omit<Gate, 'check'> & { readonly look: (page: Page, context: GateContext) => readonly Diagnostic[] | Promise<readonly Diagnostic[]> }): Gate {
  const { look, ...about } = gate
  return {
    ...about,
    async check(pages, context) {
      const found: Diagnostic[] = []
      for (const page of pages) found.push(...await look(page, context))
      return found
    },
  }
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
