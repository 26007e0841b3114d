/** Diagrams are drawn by Proofbook, so mermaid itself, in a browser as it needs one, has to agree that they are mermaid. */
import { expect, inject, test } from 'vitest'
import { FIXTURE_BOOK } from '../site/build.ts'
import { defaultsIn, fencesOf, filled } from '../site/fences.ts'
import { read, serve } from './open.ts'

const sites = inject('sites')

test('mermaid reads every diagram of the book and of the fixtures, and refuses what is none', async () => {
  await using site = await serve(sites.real)
  await using reader = await read(site)
  await reader.page.goto('/safety/')
  // As text: Vitest rewrites an import() in this file.
  const parse = (text: string): Promise<string> => reader.page.evaluate(`import('/node_modules/mermaid/dist/mermaid.esm.min.mjs')
    .then(({ default: mermaid }) => mermaid.parse(${JSON.stringify(text)})).then(() => 'ok', error => String(error))`)

  const diagrams = ['runbooks', FIXTURE_BOOK, 'src/content/docs'].flatMap(book => fencesOf(book).filter(({ info }) => info.trim() === 'mermaid').map(fence => ({ book, ...fence })))
  expect(diagrams.length).toBeGreaterThanOrEqual(3)
  for (const { book, page, line, text } of diagrams) expect(await parse(filled(text, defaultsIn(book, page))), `${page}:${line}`).toBe('ok')
  expect(await parse('flowchart LR\n  a --> --> b')).toContain('Parse error')
})
