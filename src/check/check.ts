/**
 * checkRunbook(runbook: Runbook, source: string, options?: { note?: (line: string) => void }): Promise<Diagnostic[]>
 */
import type { Diagnostic, Runbook } from '../runbook/model.ts'
import { bashSyntax } from './bash-syntax.ts'
import { deadLinks } from './dead-links.ts'
import { forbidden } from './forbidden.ts'
import type { Gate } from './gate.ts'
import { mermaidSyntax } from './mermaid-syntax.ts'
import { yamlSyntax } from './yaml-syntax.ts'

/** Register a gate here. */
export const gates: readonly Gate[] = [bashSyntax, yamlSyntax, mermaidSyntax, forbidden, deadLinks]

/** What the gates find wrong with a page that parsed, in page order. `source` is the page's text. */
export async function checkRunbook(runbook: Runbook, source: string,
  options: { readonly note?: (line: string) => void } = {}): Promise<Diagnostic[]> {
  const text = source.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const values = Object.fromEntries(runbook.variables.map(({ name, default: preset }) => [name, preset]))
  const context = { source: text, lines: text.split('\n'), values, note: options.note ?? (() => {}) }
  const found = await Promise.all(gates.map((gate) => gate.check(runbook, context)))
  return found.flat().sort((a, b) => a.position.line - b.position.line || a.position.column - b.position.column)
}
