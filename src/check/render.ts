/**
 * renderDiagnostic(diagnostic: Diagnostic, source: string, paint?: Paint): string
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

/** Colours a part of a message, or leaves it as it is. */
export type Paint = (part: 'message' | 'caret' | 'gutter', text: string) => string

/** One finding for people, without a last line end. `source` is the page's text; no line is shown when it has none. */
export function renderDiagnostic(diagnostic: Diagnostic, source: string, paint: Paint = (_, text) => text): string {
  const { path, position: { line, column }, message, received, expected } = diagnostic
  const text = source.replaceAll('\r\n', '\n').split('\n')[line - 1]
  const gutter = ' '.repeat(String(line).length)
  const rows = [`${path}:${line}:${column}  ${paint('message', clean(message))}`]
  if (text !== undefined && text !== '') {
    const from = Math.max(0, column - 1 - (WIDTH - 40))
    const cut = text.slice(from, from + WIDTH)
    const before = cut.slice(0, column - 1 - from)
    const length = Math.max(1, Math.min(diagnostic.length ?? 1, cut.length - before.length))
    const under = cut.slice(before.length, before.length + length)
    rows.push(`${paint('gutter', `  ${line} |`)} ${clean(cut)}`)
    rows.push(`${paint('gutter', `  ${gutter} |`)} ${blank(before)}${paint('caret', '^'.repeat(Math.max(1, blank(under).length)))}`)
  }
  const facts = [received === undefined ? '' : `received ${clean(received)}`,
    expected === undefined ? '' : `expected ${expected}`]
    .filter((fact) => fact !== '').join(', ')
  if (facts !== '') rows.push(`  ${gutter}   ${facts}`)
  return rows.join('\n')
}

/** East Asian wide and emoji: two columns of a terminal (UAX #11, without its finer points). */
const WIDE = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u

/** As wide as the text. Tabs stay tabs, so that a caret stands below its text whatever a terminal's tab is. */
function blank(text: string): string {
  return [...clean(text)].map((char) => char === '\t' ? '\t' : /\p{M}|\u200D|\uFE0F/u.test(char) ? '' : WIDE.test(char) ? '  ' : ' ').join('')
}

/** Text of a page cannot move a reader's cursor or colour the terminal. */
function clean(text: string): string {
  return stripVTControlCharacters(text).replace(/[\0-\x08\x0A-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069]/g, '\uFFFD')
}
