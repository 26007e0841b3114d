/** `proofbook init`: looks what a project is, adds what is missing, and says what it did. */
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { planInit, type PlannedFile } from '../author/init/files.ts'
import { projectKind } from '../author/init/projects.ts'
import { BadInput } from '../runbook/errors.ts'
import { findRunbooks, runbooksRoot } from '../runbook/library.ts'
import { columns, print, printJson } from './output.ts'

/** @throws BadInput for a project whose files cannot be read or written */
export async function initCommand({ json }: { readonly json?: boolean }): Promise<void> {
  const cwd = process.cwd()
  const kind = projectKind(cwd)
  const files = await planInit(cwd, kind)
  for (const file of files) await write(cwd, file)

  const [page] = await findRunbooks(runbooksRoot(cwd))
  const next = page === undefined ? [] : ['npx proofbook check', `npx proofbook verify ${page.id} --on kind`]
  const notes = [
    ...existsSync(join(cwd, '.git')) ? [] : ['this folder is no git repository: the workflow runs in one on GitHub'],
    ...kind.note === undefined ? [] : [kind.note],
  ]
  if (json) return printJson('init', { project: kind.name, files: files.map(({ text: _, ...file }) => file), notes, next })
  print(`This is ${kind.title}.`)
  print(columns(files.map(({ path, did, why }) => [did, path, why])))
  for (const note of notes) print(`note     ${note}`)
  print(next.map((line, index) => `${index === 0 ? 'next' : ''.padEnd(4)}     ${line}`).join('\n'))
}

async function write(cwd: string, { path, did, text }: PlannedFile): Promise<void> {
  if (text === undefined) return
  const file = join(cwd, path)
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text, { flag: did === 'written' ? 'wx' : 'w' })
  } catch (error) {
    throw new BadInput(`cannot write ${path}: ${(error as Error).message}`, { cause: error })
  }
}
