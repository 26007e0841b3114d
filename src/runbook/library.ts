/**
 * findRunbooks(root: string): Promise<{ id: string, path: string }[]>
 * loadRunbook(root: string, idOrPath: string): Promise<LoadedPage>
 * runbooksRoot(cwd?: string): string
 */
import { readFile } from 'node:fs/promises'
import { BadInput } from './errors.ts'
import { locate } from './locate.ts'
import type { Node } from './mdast.ts'
import type { Diagnostic, Runbook } from './model.ts'
import { parseRunbook } from './parse.ts'
import { readSource } from './source.ts'

export { findRunbooks, runbooksRoot } from './locate.ts'

export interface LoadedPage {
  readonly id: string
  /** As the reader would type it: relative to the working directory where that is shorter. */
  readonly path: string
  /** LF line ends, as diagnostics count them; empty when the page cannot be read as text. */
  readonly source: string
  readonly runbook?: Runbook
  /** Of a page that gives a runbook. */
  readonly tree?: Node
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * One page, by id or by path of its file. What is wrong with the page is in `diagnostics`.
 * @throws UnknownRunbook when there is no such page; BadInput when the folder or file cannot be read
 */
export async function loadRunbook(root: string, idOrPath: string): Promise<LoadedPage> {
  const { id, path } = await locate(root, idOrPath)
  let bytes: Uint8Array
  try {
    bytes = await readFile(path)
  } catch (error) {
    throw new BadInput(`cannot read ${path}: ${(error as Error).message}`, { cause: error })
  }
  const read = readSource(bytes, path)
  return { id, path, source: 'text' in read ? read.text : '', ...parseRunbook(bytes, { id, path }) }
}
