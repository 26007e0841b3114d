/** The runbooks as their own parser reads them. The site takes steps, hosts, names and lines from here. */
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Block, Runbook } from '../runbook/model.ts'
import { parseRunbook } from '../runbook/parse.ts'
import { bookFolder } from './book-folder.ts'

export { anchorOf } from '../runbook/anchors.ts'

const cache = new Map<string, { readonly stamp: number, readonly runbook: Runbook }>()

/** Ids of all runbooks, sorted. Names that start with `_` are drafts and have no page. */
export function runbookIds(): string[] {
  return globSync('**/*.mdx', { cwd: bookFolder })
    .map(path => path.replaceAll('\\', '/'))
    .filter(path => !/(^|\/)[_.]/.test(path))
    .map(path => path.replace(/\.mdx$/, ''))
    .sort()
}

/** The runbook of that id, or undefined when no page of the book has it. Throws when the page has something wrong. */
export function findRunbook(id: string): Runbook | undefined {
  // A build asks for each fence and for each link of each page, and nobody writes meanwhile.
  if (process.env.NODE_ENV === 'production' && cache.has(id)) return cache.get(id)!.runbook
  const path = join(bookFolder, `${id}.mdx`)
  const stamp = statSync(path, { throwIfNoEntry: false })?.mtimeMs
  if (stamp === undefined) return undefined
  const known = cache.get(id)
  if (known?.stamp === stamp) return known.runbook
  const { runbook, diagnostics } = parseRunbook(readFileSync(path), { id, path })
  if (runbook === undefined) {
    const [first] = diagnostics
    throw new Error(`${path}:${first?.position.line}:${first?.position.column}  ${first?.message}: `
      + `received ${first?.received}, expected ${first?.expected}. \`npx proofbook check\` lists all ${diagnostics.length}.`)
  }
  cache.set(id, { stamp, runbook })
  return runbook
}

/** Same, for an id that a page of the book has given. */
export function runbookOf(id: string): Runbook {
  const runbook = findRunbook(id)
  if (runbook === undefined) throw new Error(`${bookFolder}/${id}.mdx: no such runbook`)
  return runbook
}

export function allRunbooks(): Runbook[] {
  return runbookIds().map(runbookOf)
}

/** What the fence at a line of the page is: a block, the expected output of one, or neither (shown, never run). */
export function fenceAt(runbook: Runbook, line: number): { readonly block?: Block, readonly isOutput: boolean } {
  const block = runbook.blocks.find(({ position }) => position.line === line)
  const isOutput = runbook.blocks.some(({ output }) => output?.position.line === line)
  return block === undefined ? { isOutput } : { block, isOutput }
}

export const defaultsOf = (runbook: Pick<Runbook, 'variables'>): Record<string, string> =>
  Object.fromEntries(runbook.variables.filter(({ type }) => type !== 'secret').map(variable => [variable.name, variable.default]))
