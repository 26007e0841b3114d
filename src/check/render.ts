/**
 * renderDiagnostic(diagnostic: Diagnostic, source: string): string
 *
 *     runbooks/x.mdx:31:22  unknown key "timeot" on step "install". Did you mean "timeout"?
 *       31 | ```bash step=install timeot=3m
 *          |                      ^^^^^^^^^
 *          received "timeot", expected one of step, check, ...
 */
import { stripVTControlCharacters } from 'node:util'
import type { Diagnostic } from '../runbook/model.ts'

/** Columns of a source line that are shown; the underlined part is always among them. */
const WIDTH = 120

/** One finding for people, without a last line end. `source` is the page's text; no line is shown when it has none. */
export function renderDiagnostic(diagnostic: Diagnostic, source: string): string {
  const { path, position: { line, column }, message, received, expected } = diagnostic
  const text = source.replaceAll('\r\n', '\n').split('\n')[line - 1]
  const gutter = ' '.repeat(String(line).length)
  const rows = [`${path}:${line}:${column}  ${message}`]
  if (text !== undefined && text !== '') {
    const from = Math.max(0, column - 1 - (WIDTH - 40))
    const cut = text.slice(from, from + WIDTH)
    const before = cut.slice(0, column - 1 - from)
    const length = Math.max(1, Math.min(diagnostic.length ?? 1, cut.length - before.length))
    rows.push(`  ${line} | ${clean(cut)}`)
    // Tabs stay tabs, so that the caret stands below its text whatever a terminal's tab is.
    rows.push(`  ${gutter} | ${before.replace(/[^\t]/g, ' ')}${'^'.repeat(length)}`)
  }
  const facts = [received === undefined ? '' : `received ${clean(received)}`,
    expected === undefined ? '' : `expected ${expected}`]
    .filter((fact) => fact !== '').join(', ')
  if (facts !== '') rows.push(`  ${gutter}   ${facts}`)
  return rows.join('\n')
}

/** Text of a page cannot move a reader's cursor or colour the terminal. */
function clean(text: string): string {
  return stripVTControlCharacters(text).replace(/[\0-\x08\x0A-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069]/g, '\uFFFD')
}
