import fc from 'fast-check'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import type { Diagnostic, Runbook } from '../../../src/runbook/model.ts'

/** Any string at all, halves of surrogate pairs too; far quicker than fast-check's own tables of Unicode. */
export const anyText = fc.array(fc.oneof(fc.integer({ min: 0, max: 127 }), fc.integer({ min: 0, max: 0xFFFF })), { maxLength: 30 })
  .map((codes) => String.fromCharCode(...codes))

const HEAD = ['---', 'title: A page', 'description: For a test.', 'risk: reversible', '---', '']

/** Lines before the body of `page`. */
export const HEAD_LINES = HEAD.length

/** A page with this body; `frontmatter` adds lines. */
export function page(body: string, frontmatter: readonly string[] = []): string {
  return [...HEAD.slice(0, 4), ...frontmatter, ...HEAD.slice(4), body].join('\n')
}

export function parse(source: string): { runbook?: Runbook, diagnostics: Diagnostic[] } {
  return parseRunbook(source, { id: 'test/page', path: 'runbooks/test/page.mdx' })
}

/** The runbook of a page that must be sound. */
export function sound(source: string): Runbook {
  const { runbook, diagnostics } = parse(source)
  if (runbook === undefined) throw new Error(diagnostics.map((d) => `${d.position.line}:${d.position.column} ${d.message}, received ${d.received}, expected ${d.expected}`).join('\n'))
  return runbook
}
