import { existsSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { anchorsOf } from '../../runbook/anchors.ts'
import { parsePage, walk } from '../../runbook/mdast.ts'
import type { Diagnostic } from '../../runbook/model.ts'
import { didYouMean } from '../../runbook/suggest.ts'
import type { Gate, Page } from '../gate.ts'

/**
 * Relative links name files: `[flannel](../cni/flannel.mdx#undo)`. They work in an editor and on a forge, and can be
 * checked; the site turns them into routes. Behind # stands a heading or a block: `#step-install`.
 */
export const links: Gate = {
  name: 'links',
  refuses: 'a link to a file, a heading or a block that is not there',
  async check(pages) {
    const known = new Map(pages.map((page) => [resolve(page.runbook.path), page.anchors]))
    return pages.flatMap((page) => deadLinksOf(page, (file) => known.get(file) ?? anchorsOfFile(file)))
  },
}

type AnchorsOf = (file: string) => ReadonlySet<string>

function deadLinksOf(page: Page, anchorsIn: AnchorsOf): Diagnostic[] {
  if (!/\]\(|\]:|<a\b/.test(page.source)) return []
  const found: Diagnostic[] = []
  for (const node of walk(page.tree)) {
    if (!['link', 'image', 'definition'].includes(node.type) || !node.url) continue
    if (/^(?:[a-z][a-z0-9+.-]*:|\/)/i.test(node.url)) continue
    const fault = faultOf(node.url, page, anchorsIn)
    if (fault === undefined) continue
    const { line, column } = node.position.start
    found.push({ path: page.runbook.path, position: { line, column },
      length: Math.max(1, node.position.end.line === line ? node.position.end.column - column : 1), ...fault })
  }
  return found
}

function faultOf(url: string, page: Page, anchorsIn: AnchorsOf): Pick<Diagnostic, 'message' | 'received' | 'expected'> | undefined {
  const [, path = '', , anchor] = /^([^?#]*)(\?[^#]*)?(?:#(.*))?$/s.exec(url) ?? []
  const file = path === '' ? undefined : resolve(dirname(resolve(page.runbook.path)), decoded(path))
  if (file !== undefined && !(existsSync(file) && /\.[a-z0-9]+$/i.test(file))) {
    return { message: 'dead link', received: url,
      expected: `a file, with its extension; there is none at ${relative(process.cwd(), file)}` }
  }
  if (!anchor || (file !== undefined && !/\.mdx?$/.test(file))) return undefined
  const anchors = file === undefined ? page.anchors : anchorsIn(file)
  if (anchors.has(decoded(anchor))) return undefined
  return { message: `dead anchor${didYouMean(anchor, anchors)}`, received: url,
    expected: `a heading or a block of ${file === undefined ? 'this page' : relative(process.cwd(), file)}, such as #step-install` }
}

/** Pages link to each other often: one that is not looked at itself is read once. */
const read = new Map<string, { readonly text: string, readonly anchors: ReadonlySet<string> }>()

function anchorsOfFile(file: string): ReadonlySet<string> {
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const before = read.get(file)
  if (before?.text === text) return before.anchors
  const parsed = parsePage(text, file)
  const anchors = 'tree' in parsed ? anchorsOf(parsed.tree) : new Set<string>()
  read.set(file, { text, anchors })
  return anchors
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url)
  } catch {
    return url
  }
}
