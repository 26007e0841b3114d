/** Mutants of the book's pages: a page that is wrong in one line fails, and at the block that the patch names. */
import { execFile } from 'node:child_process'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordMutant, sha256 } from '../../src/report/mutants.ts'
import type { Result } from '../../src/report/result.ts'
import { proofbook, root } from './proofbook.ts'

const run = promisify(execFile)
const LAB = 'e2e-mutants'
const folder = join(root, 'test/fixtures/mutants')

// Of one page by PROOFBOOK_MUTANTS_OF=chapter/name.
const pages = [...new Set(globSync('*/*/*.patch', { cwd: folder }).map(dirname))].sort()
  .filter(page => [undefined, page].includes(process.env.PROOFBOOK_MUTANTS_OF))

/** `check NAME` of the first line. */
function caughtBy(patch: string): string {
  const [, kind, name] = /^# caught by: (\w+) (\S+)\n/.exec(readFileSync(patch, 'utf8')) ?? []
  if (kind === undefined || name === undefined) throw new Error(`${relative(root, patch)}: expected a first line such as "# caught by: check listens"`)
  return `${kind} ${name}`
}

beforeAll(async () => {
  expect((await proofbook(['setup', '--yes'])).exit).toBe(0)
})

describe.each(pages)('%s', (page) => {
  afterAll(async () => {
    await proofbook(['lab', 'down', '--lab', LAB])
    const { stdout } = await run('docker', ['ps', '--all', '--quiet', '--filter', `label=proofbook.lab=${LAB}`])
    expect(stdout, 'containers left behind').toBe('')
  })

  test.each(globSync('*.patch', { cwd: join(folder, page) }).sort())('%s', async (name) => {
    const patch = join(folder, page, name)
    const book = mkdtempSync(join(tmpdir(), 'proofbook-mutant-'))
    try {
      cpSync(join(root, 'runbooks'), join(book, 'runbooks'), { recursive: true })
      await run('git', ['apply', patch], { cwd: book })
      const { exit, stdout } = await proofbook(['verify', page, '--on', 'kind', '--lab', LAB, '--keep', '--json'], { cwd: book, as: `${basename(name, '.patch')}, which must fail ` })
      const { result } = JSON.parse(stdout) as { result: Result }
      expect(exit).toBe(1)
      const failure = `${result.failure?.kind} ${result.failure?.name}`
      expect(failure).toBe(caughtBy(patch))
      // The site counts a mutant as caught by this line only.
      await recordMutant(join(root, '.proofbook/mutants.jsonl'), {
        schema: 1, runbook: page, mutant: basename(name, '.patch'), caughtBy: failure, finishedAt: result.finishedAt,
        page: sha256(readFileSync(join(root, `runbooks/${page}.mdx`))), patch: sha256(readFileSync(patch)),
      })
    } finally {
      rmSync(book, { recursive: true, force: true })
    }
  })
})
