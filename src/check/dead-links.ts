import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { parseMdx, walk } from '../runbook/mdast.ts'
import type { Diagnostic } from '../runbook/model.ts'
import { didYouMean } from '../runbook/suggest.ts'
import { findRunbooks } from '../runbook/library.ts'
import type { Gate } from './gate.ts'

/**
 * Relative links name files: `[flannel](../cni/flannel.mdx#undo)`. They work in an editor and on a forge, and can be
 * checked; the site turns them into routes. `requires` names runbooks of the same book.
 */
export const deadLinks: Gate = {
  name: 'dead links',
  async check(runbook, { source }) {
    const parsed = parseMdx(source)
    if ('error' in parsed) return []
    const here = dirname(resolve(runbook.path))
    const found: Diagnostic[] = []
    for (const node of walk(parsed.tree)) {
      if (!['link', 'image', 'definition'].includes(node.type) || node.url === undefined) continue
      if (node.url === '' || /^(?:[a-z][a-z0-9+.-]*:|\/|#)/i.test(node.url)) continue
      const file = resolve(here, safeDecode(node.url.replace(/[?#].*$/s, '')))
      if (existsSync(file) && /\.[a-z0-9]+$/i.test(file)) continue
      const { line, column } = node.position.start
      found.push({ path: runbook.path, position: { line, column },
        length: Math.max(1, node.position.end.line === line ? node.position.end.column - column : 1),
        message: 'dead link', received: node.url,
        expected: `a file, with its extension; there is none at ${relative(process.cwd(), file)}` })
    }
    if (runbook.requires.length > 0) found.push(...await unknownRequires(runbook, source))
    return found
  },
}

async function unknownRequires(runbook: { id: string, path: string, requires: readonly string[] },
  source: string): Promise<Diagnostic[]> {
  const root = resolve(runbook.path).slice(0, -`/${runbook.id}.mdx`.length)
  if (join(root, `${runbook.id}.mdx`) !== resolve(runbook.path)) return []
  const ids = (await findRunbooks(root)).map(({ id }) => id)
  const line = source.split('\n').findIndex((text) => text.startsWith('requires:')) + 1
  return runbook.requires.filter((id) => !ids.includes(id)).map((id) => ({
    path: runbook.path, position: { line, column: 1 }, length: 'requires'.length,
    message: `requires unknown runbook "${id}"${didYouMean(id, ids)}`,
    received: `"${id}"`, expected: 'the id of a runbook in the same book',
  }))
}

function safeDecode(url: string): string {
  try {
    return decodeURIComponent(url)
  } catch {
    return url
  }
}
