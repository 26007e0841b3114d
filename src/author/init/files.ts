/** What `proofbook init` adds to a project. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findRunbooks } from '../../runbook/locate.ts'
import { readSettings, SETTINGS_FILE } from '../../runbook/settings.ts'
import type { ProjectKind } from './projects.ts'
import { SAMPLE, sample } from './sample.ts'
import { workflow } from './workflow.ts'

/** `written`: new. `extended`: lines added at its end. `kept`: there already, and not touched. */
export type Deed = 'written' | 'extended' | 'kept'

export interface PlannedFile {
  /** Relative to the project. */
  readonly path: string
  readonly did: Deed
  readonly why: string
  /** The whole new text; of a file that is kept there is none. */
  readonly text?: string
}

export const WORKFLOW = '.github/workflows/runbooks.yml'

/**
 * Nothing that is there is ever written over, so that a second time changes nothing.
 * @throws BadInput for a proofbook.json or a book that cannot be read
 */
export async function planInit(cwd: string, kind: ProjectKind): Promise<PlannedFile[]> {
  const book = readSettings(cwd).runbooks ?? (existsSync(join(cwd, SETTINGS_FILE)) ? 'runbooks' : kind.book)
  const add = (path: string, text: string, why: string): PlannedFile =>
    existsSync(join(cwd, path)) ? { path, did: 'kept', why: 'it is there already' } : { path, did: 'written', why, text }
  const pages = existsSync(join(cwd, book)) ? await findRunbooks(join(cwd, book)) : []
  const page = `${book}/${SAMPLE}${kind.extension}`
  return [
    add(SETTINGS_FILE, `${JSON.stringify({ runbooks: book }, undefined, 2)}\n`, 'says where the runbooks are'),
    pages.length > 0 ? { path: book, did: 'kept', why: `it holds ${pages.length} ${pages.length === 1 ? 'runbook' : 'runbooks'} already` } : add(page, sample, 'a runbook to begin with'),
    add(WORKFLOW, workflow, 'verifies every runbook each night, and on a change those that it touches'),
    ignore(cwd),
  ]
}

/** What runs leave behind belongs in no commit. */
function ignore(cwd: string): PlannedFile {
  const path = '.gitignore'
  const why = 'leaves out what runs write'
  if (!existsSync(join(cwd, path))) return { path, did: 'written', why, text: '.proofbook/\n' }
  const before = readFileSync(join(cwd, path), 'utf8')
  if (before.split(/\r?\n/).some((line) => /^\/?\.proofbook\/?$/.test(line.trim()))) return { path, did: 'kept', why: 'it leaves out .proofbook/ already' }
  return { path, did: 'extended', why, text: `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}.proofbook/\n` }
}
