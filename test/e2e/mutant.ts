/** A mutant as it is kept: a patch that makes a page wrong in one place, and whose first line says what catches it. */
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { root } from './proofbook.ts'

const run = promisify(execFile)

export const folder = join(root, 'test/fixtures/mutants')

/** `check NAME`, or `the inventory before and after`. */
export function namedBy(patch: string): string {
  const [, what] = /^# caught by: (.+)\n/.exec(readFileSync(patch, 'utf8')) ?? []
  if (what === undefined) throw new Error(`${relative(root, patch)}: expected a first line such as "# caught by: check listens"`)
  return what
}

/** A folder for copies of the book that are wrong. A lab that is made in it is gone with it. */
export const mutantFolder = (): string => mkdtempSync(join(tmpdir(), 'proofbook-mutant-'))

/** Does `work` in that folder, with a copy of the book that the patch made wrong and with what its lines of progress begin with. */
export async function withMutant<T>(cwd: string, patch: string, work: (options: { cwd: string, as: string }) => Promise<T>): Promise<T> {
  const book = join(cwd, 'runbooks')
  rmSync(book, { recursive: true, force: true })
  cpSync(join(root, 'runbooks'), book, { recursive: true })
  await run('git', ['apply', patch], { cwd })
  return await work({ cwd, as: `${basename(patch, '.patch')}, which must fail ` })
}
