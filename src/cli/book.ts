/** From what a reader names on the command line to a page, or what is wrong with it. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CheckedPage } from '../check/pages.ts'
import { BadInput } from '../runbook/errors.ts'
import { findRunbooks, loadRunbook, runbooksRoot, type LoadedPage } from '../runbook/library.ts'
import { isPage } from '../runbook/locate.ts'
import type { Runbook } from '../runbook/model.ts'
import { chosenRunbooks } from './chosen.ts'

/** Every page of the book as parsed, also those with errors. */
export async function allRunbooks(): Promise<LoadedPage[]> {
  const root = runbooksRoot()
  return Promise.all((await findRunbooks(root)).map(({ id }) => loadRunbook(root, id)))
}

/** Folders with results of the book in use: of the one that comes with Proofbook, those that come with it. */
export function shippedResults(): string[] {
  const shipped = fileURLToPath(new URL('../../', import.meta.url))
  return runbooksRoot() === join(shipped, 'runbooks') ? [join(shipped, 'src/content/results')] : []
}

/**
 * Pages with what the parser and every gate say of them.
 * @param paths files, folders, ids or chapters; the whole book when empty
 */
export async function checkedPages(paths: readonly string[], note: (line: string) => void): Promise<CheckedPage[]> {
  const { checkAll } = await import('../check/share.ts')
  const root = runbooksRoot()
  const names = paths.length === 0 ? (await findRunbooks(root)).map(({ path }) => path) : (await Promise.all(paths.map(pagesAt))).flat()
  return checkAll(root, [...new Set(names)], note)
}

async function pagesAt(path: string): Promise<string[]> {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    if (isPage(path)) return [path]
    const { ids, pages } = await chosenRunbooks([path])
    return pages.length > 0 ? pages.map(page => page.path) : [...ids]
  }
  const found = await findRunbooks(path)
  if (found.length === 0) throw new BadInput(`received ${path}, expected a folder that holds runbooks (*.mdx, *.md)`)
  return found.map(page => page.path)
}

/**
 * A page without errors, by id or path. Gates are asked only where the page is about to run.
 * @throws BadInput with every diagnostic, rendered
 */
export async function openRunbook(id: string, { gates = false } = {}): Promise<Runbook> {
  const loaded = await loadRunbook(runbooksRoot(), id)
  const { runbook, source } = loaded
  const diagnostics = gates && runbook ? await (await import('../check/check.ts')).checkRunbook(runbook, source) : loaded.diagnostics
  if (runbook && diagnostics.length === 0) return runbook
  const { renderDiagnostic } = await import('../check/render.ts')
  throw new BadInput(diagnostics.map(diagnostic => renderDiagnostic(diagnostic, source)).join('\n'))
}
