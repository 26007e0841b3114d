import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { BadInput, UnknownRunbook } from '../../../src/runbook/errors.ts'
import { findRunbooks, loadRunbook, runbooksRoot } from '../../../src/runbook/library.ts'

const root = fileURLToPath(new URL('../../fixtures/runbooks', import.meta.url))

test('finds every page by id', async () => {
  expect((await findRunbooks(root)).map(({ id }) => id)).toEqual(['all-features', 'chapter/values', 'minimal'])
})

test('loads by id and by path', async () => {
  const byId = await loadRunbook(root, 'chapter/values')
  expect(byId.runbook).toMatchObject({ id: 'chapter/values', title: 'Print a value' })
  expect(byId.source).toContain('printf')
  expect(await loadRunbook(root, join(root, 'chapter/values.mdx'))).toEqual(byId)
  const outside = await loadRunbook(join(root, 'chapter'), join(root, 'minimal.mdx'))
  expect(outside).toMatchObject({ id: 'minimal', diagnostics: [] })
})

test('an unknown runbook names the nearest', async () => {
  const error = await loadRunbook(root, 'chapter/vaules').catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UnknownRunbook)
  expect(error).toMatchObject({ exitCode: 2, nearest: ['chapter/values'], message: expect.stringMatching(/^unknown runbook "chapter\/vaules" in .*\. Did you mean "chapter\/values"\?$/) })
  await expect(loadRunbook(root, 'values')).rejects.toMatchObject({ nearest: ['chapter/values'] })
  await expect(loadRunbook(root, 'zzzzzzzz')).rejects.toMatchObject({ nearest: [], message: expect.stringMatching(/See: proofbook list$/) })
  await expect(loadRunbook(root, '../bad/tabs')).rejects.toBeInstanceOf(UnknownRunbook)
  await expect(loadRunbook(root, 'none.mdx')).rejects.toThrow('no such file: none.mdx')
})

test('a page with mistakes loads with its diagnostics', async () => {
  const page = await loadRunbook(root, join(root, '../bad/tabs.mdx'))
  expect(page.runbook).toBeUndefined()
  expect(page.diagnostics).toHaveLength(1)
})

test('the root is the folder of the working directory, else the packaged book', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'proofbook-library-'))
  try {
    expect(runbooksRoot(join(root, '..'))).toBe(root)
    expect(runbooksRoot(empty)).toBe(fileURLToPath(new URL('../../../runbooks', import.meta.url)))
    await expect(findRunbooks(join(empty, 'none'))).rejects.toBeInstanceOf(BadInput)
  } finally {
    await rm(empty, { recursive: true })
  }
})
