/**
 * From what a reader names to the script that runs. The script of a page that passed every gate is kept, so that an
 * unchanged page is neither parsed nor checked again before each run; `proofbook check` always looks itself.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeText } from '../report/store.ts'
import { BadInput } from '../runbook/errors.ts'
import { locate, runbooksRoot } from '../runbook/locate.ts'
import type { Script } from '../script/api.ts'
import { loadScript } from '../script/load.ts'
import { project } from './project.ts'
import { version } from './version.ts'

/** What `run` and `verify` work from. */
export interface Opened {
  /** To plan with, before anything is written. */
  readonly script: Script
  /** The module that a run executes. */
  readonly module: string
}

/**
 * A runbook by its id or path, or a script that was extracted from one (`*.mjs`).
 * @throws BadInput with every diagnostic of the page
 */
export async function openScript(idOrFile: string): Promise<Opened> {
  const file = idOrFile.endsWith('.mjs') ? idOrFile : await scriptFile(idOrFile)
  return { script: await loadScript(file), module: await readFile(file, 'utf8') }
}

async function scriptFile(id: string): Promise<string> {
  const page = await locate(runbooksRoot(), id)
  const bytes = await readFile(page.path).catch((error: Error) => { throw new BadInput(error.message, { cause: error }) })
  const key = createHash('sha256').update(`${program()}\n${page.path}\n`).update(bytes).digest('hex')
  // One folder a page, with the script of its last bytes only.
  const folder = join(project().root, 'checked', page.id.replaceAll('/', '-'))
  const file = join(folder, `${key}.mjs`)
  if (existsSync(file)) return file
  const { openRunbook } = await import('./book.ts')
  const { emitScript } = await import('../script/emit.ts')
  const module = emitScript(await openRunbook(id, { gates: true }), { version: version() })
  await rm(folder, { recursive: true, force: true })
  await writeText(file, module)
  return file
}

/** Tells this program from every other: its version, and in a checkout the time of its last change. */
function program(): string {
  const folders = ['runbook', 'check', 'script'].map(name => join(import.meta.dirname, '..', name))
  const times = folders.flatMap(folder => readdirSync(folder).map(name => statSync(join(folder, name)).mtimeMs))
  return `${version()} ${Math.max(...times)}`
}
