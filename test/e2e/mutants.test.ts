/** Mutants of the book's pages: a page that is wrong in one line fails, and at the block that the patch names. */
import { globSync, readFileSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { caughtBy, recordMutant, sha256 } from '../../src/report/mutants.ts'
import type { Result } from '../../src/report/result.ts'
import { labGone } from './lab-gone.ts'
import { folder, mutantFolder, namedBy, withMutant } from './mutant.ts'
import { proofbook, root } from './proofbook.ts'

const LAB = process.env.PROOFBOOK_MUTANTS_LAB ?? 'e2e-mutants'

// Of one page by PROOFBOOK_MUTANTS_OF=chapter/name; two of them side by side need labs of their own by PROOFBOOK_MUTANTS_LAB.
const pages = [...new Set(globSync('*/*/*.patch', { cwd: folder }).map(dirname))].sort()
  .filter(page => [undefined, page].includes(process.env.PROOFBOOK_MUTANTS_OF))

beforeAll(async () => {
  expect((await proofbook(['setup', '--yes'])).exit).toBe(0)
})

describe.each(pages)('%s', (page) => {
  // One for all mutants of the page, so that each finds the lab of the one before.
  let cwd: string
  beforeAll(() => { cwd = mutantFolder() })

  afterAll(() => labGone(LAB).finally(() => { rmSync(cwd, { recursive: true }) }))

  test.each(globSync('*.patch', { cwd: join(folder, page) }).sort())('%s', async (name) => {
    const patch = join(folder, page, name)
    const { exit, stdout } = await withMutant(cwd, patch, options => proofbook(['verify', page, '--on', 'kind', '--lab', LAB, '--keep', '--json'], options))
    const { result } = JSON.parse(stdout) as { result: Result }
    expect(exit).toBe(1)
    const caught = caughtBy(result)
    expect(caught).toBe(namedBy(patch))
    // The site counts a mutant as caught by this line only.
    await recordMutant(join(root, '.proofbook/mutants.jsonl'), {
      schema: 1, runbook: page, mutant: basename(name, '.patch'), caughtBy: caught!, finishedAt: result.finishedAt,
      page: sha256(readFileSync(join(root, `runbooks/${page}.mdx`))), patch: sha256(readFileSync(patch)),
    })
  })
})
