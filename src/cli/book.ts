/** From what a reader names on the command line to a page, its script, or what is wrong with it. */
import { BadInput } from '../runbook/errors.ts'
import { findRunbooks, loadRunbook, runbooksRoot, type LoadedPage } from '../runbook/library.ts'
import type { Diagnostic, Runbook } from '../runbook/model.ts'
import type { Script } from '../script/api.ts'
import { callOrder, emitScript } from '../script/emit.ts'
import { optionsOf } from '../script/options.ts'
import { version } from './version.ts'

export function render(diagnostic: Diagnostic, _source: string): string {
  return `${diagnostic.path}:${diagnostic.position.line}:${diagnostic.position.column} ${diagnostic.message}`
}

/** Every page of the book, also those with errors. */
export async function allRunbooks(): Promise<LoadedPage[]> {
  const root = runbooksRoot()
  return Promise.all((await findRunbooks(root)).map(({ id }) => loadRunbook(root, id)))
}

/**
 * A page without errors.
 * @throws BadInput with every diagnostic, rendered
 */
export async function openRunbook(id: string): Promise<Runbook> {
  const { runbook, diagnostics, source } = await loadRunbook(runbooksRoot(), id)
  if (runbook && diagnostics.length === 0) return runbook
  throw new BadInput(diagnostics.map(diagnostic => render(diagnostic, source)).join('\n'))
}

/** What `run`, `verify` and `show` work from. */
export interface Opened {
  /** To plan with, before anything is written. */
  readonly script: Script
  /** The module that a run executes. */
  readonly module: string
}

/** A runbook by its id or path, or a script that was extracted from one (`*.mjs`). */
export async function openScript(idOrFile: string): Promise<Opened> {
  if (idOrFile.endsWith('.mjs')) {
    const { loadScript } = await import('../script/load.ts')
    const { readFile } = await import('node:fs/promises')
    return { script: await loadScript(idOrFile), module: await readFile(idOrFile, 'utf8') }
  }
  const runbook = await openRunbook(idOrFile)
  return { script: scriptOf(runbook), module: emitScript(runbook, { version: version() }) }
}

/** The same calls as the emitted module makes. */
function scriptOf(runbook: Runbook): Script {
  return {
    meta: { ...runbook, source: runbook.path },
    async main(book) {
      for (const block of callOrder(runbook.blocks)) await book[block.kind](block.name, optionsOf(block), block.text)
    },
  }
}
