/** Books of other projects: plain Markdown, in a folder of their choice. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkNamed } from '../../../src/check/pages.ts'
import { findRunbooks, loadRunbook, runbooksRoot } from '../../../src/runbook/library.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'

const FENCES = '```bash step=write rollback="none: a sample" on=lb\necho {{word}}\n```\n```text output\n{{word}}\n```\n'
const HEAD = '---\ntitle: T\ndescription: D.\nrisk: reversible\nvariables:\n  word: { type: name, default: hello }\n---\n\n'
/** What only Markdown may hold. */
const MARKDOWN = '<!-- a comment -->\n\nSet {x} if a<b, or {{word}}.\n\n<a id="here"></a>\n\n[down](#here)\n\n'

function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'proofbook-markdown-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

describe('a page in Markdown', () => {
  test('gives the same runbook as one in MDX', () => {
    const read = (path: string) => parseRunbook(HEAD + FENCES, { id: 'x', path }).runbook!
    expect({ ...read('x.md'), path: '' }).toEqual({ ...read('x.mdx'), path: '' })
  })
  test('may hold what MDX refuses', () => {
    expect(parseRunbook(HEAD + MARKDOWN + FENCES, { id: 'x', path: 'x.md' }).diagnostics).toEqual([])
    expect(parseRunbook(HEAD + MARKDOWN + FENCES, { id: 'x', path: 'x.mdx' }).diagnostics).not.toEqual([])
  })
  test('passes every gate, and its anchors are known', async () => {
    const folder = project({ 'book/a/x.md': HEAD + MARKDOWN + FENCES, 'book/a/y.md': `${HEAD}[there](./x.md#here) [nowhere](./x.md#gone)\n\n${FENCES}` })
    const [x, y] = await checkNamed(join(folder, 'book'), ['a/x', 'a/y'], () => {})
    expect(x!.diagnostics).toEqual([])
    expect(y!.diagnostics.map(({ message, received }) => `${message}: ${received}`)).toEqual(['dead anchor: ./x.md#gone'])
  })
  test('is required by its id', async () => {
    const needs = (id: string) => HEAD.replace('risk:', `requires: [${id}]\nrisk:`) + FENCES
    const folder = project({ 'book/a/x.md': needs('a/y'), 'book/a/y.mdx': needs('a/x'), 'book/a/z.md': needs('a/none') })
    const found = await checkNamed(join(folder, 'book'), ['a/x', 'a/z'], () => {})
    expect(found.flatMap(({ diagnostics }) => diagnostics).map(({ message }) => message)).toEqual([
      'pages require each other in a circle', expect.stringMatching(/^requires unknown runbook "a\/none"/),
    ])
  })
})

describe('a book', () => {
  test('has pages of both kinds; a README is none', async () => {
    const book = join(project({ 'book/a/x.md': '', 'book/a/y.mdx': '', 'book/README.md': '', 'book/a/readme.md': '', 'book/_draft.md': '', 'book/a.txt': '' }), 'book')
    expect((await findRunbooks(book)).map(({ id }) => id)).toEqual(['a/x', 'a/y'])
    expect((await loadRunbook(book, 'a/x')).path).toBe(join(book, 'a/x.md'))
    expect((await loadRunbook(book, join(book, 'a/x.md'))).id).toBe('a/x')
  })
  test('has no two pages of one id', async () => {
    const book = join(project({ 'book/a/x.md': '', 'book/a/x.mdx': '' }), 'book')
    await expect(findRunbooks(book)).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('two pages of the id a/x') })
  })
})

describe('proofbook.json', () => {
  const root = (settings: string, folders = 'docs/runbooks/x.md') => runbooksRoot(project({ 'proofbook.json': settings, [folders]: '' }))
  test('says where the book is', () => {
    expect(root('{ "runbooks": "docs/runbooks" }')).toMatch(/\/docs\/runbooks$/)
    expect(root('{}', 'runbooks/x.md')).toMatch(/\/runbooks$/)
  })
  test.each([
    ['{ "runbooks": "gone" }', 'expected a folder that is there'],
    ['{ "runbook": "docs" }', 'Did you mean "runbooks"?'],
    ['{ "runbooks": "../elsewhere" }', 'expected a folder of this project'],
    ['{ "runbooks": 3 }', 'received runbooks 3'],
    ['[]', 'expected an object'],
    ['{', 'expected JSON'],
  ])('%s is refused', (settings, message) => {
    expect(() => root(settings)).toThrow(expect.objectContaining({ exitCode: 2, message: expect.stringContaining(message) }))
  })
})
