import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'yaml'
import { fileOf, findRunbooks, withoutExtension } from '../../runbook/locate.ts'
import type { Diagnostic } from '../../runbook/model.ts'
import { circleOf } from '../../runbook/requires.ts'
import { didYouMean } from '../../runbook/suggest.ts'
import type { Gate, Page } from '../gate.ts'

/** `requires` names runbooks of the same book, and does not lead back to where it began. */
export const requires: Gate = {
  name: 'requires',
  refuses: 'a page that requires one which is not in the book, or which requires it in turn',
  async check(pages) {
    const own = new Map(pages.map((page) => [resolve(page.runbook.path), page.runbook.requires]))
    const others = new Map<string, readonly string[]>()
    const found: Diagnostic[] = []
    for (const page of pages) {
      const root = rootOf(page)
      if (page.runbook.requires.length === 0 || root === undefined) continue
      const requiresOf = (id: string): readonly string[] => {
        const file = fileOf(root, id)
        if (file === undefined) return []
        const known = own.get(file) ?? others.get(file) ?? readRequires(file)
        others.set(file, known)
        return known
      }
      found.push(...await unknown(page, root), ...circle(page, circleOf(page.runbook.id, requiresOf)))
    }
    return found
  },
}

/** The folder of the book; undefined for a page that lies outside of one. */
function rootOf({ runbook: { id, path } }: Page): string | undefined {
  const whole = withoutExtension(resolve(path))
  return whole.endsWith(`/${id}`) ? whole.slice(0, -`/${id}`.length) : undefined
}

async function unknown(page: Page, root: string): Promise<Diagnostic[]> {
  const missing = page.runbook.requires.filter((id) => fileOf(root, id) === undefined)
  if (missing.length === 0) return []
  const ids = (await findRunbooks(root)).map(({ id }) => id)
  return missing.map((id) => ({ ...placeOf(page), message: `requires unknown runbook "${id}"${didYouMean(id, ids)}`,
    received: `"${id}"`, expected: 'the id of a runbook in the same book' }))
}

function circle(page: Page, ids: readonly string[] | undefined): Diagnostic[] {
  return ids === undefined ? [] : [{ ...placeOf(page), message: 'pages require each other in a circle',
    received: ids.join(' -> '), expected: 'pages that can be done one after the other' }]
}

function placeOf({ runbook, lines }: Page): Pick<Diagnostic, 'path' | 'position' | 'length'> {
  const line = lines.findIndex((text) => text.startsWith('requires:')) + 1
  return { path: runbook.path, position: { line, column: 1 }, length: 'requires'.length }
}

/** Of a page that is not looked at itself: this one key is read. */
function readRequires(file: string): readonly string[] {
  const head = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---/.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
  const own = /^requires:.*(?:\r?\n(?![A-Za-z]).*)*/m.exec(head)?.[0]
  if (own === undefined) return []
  try {
    const list = (parse(own) as { requires?: unknown } | null)?.requires
    return Array.isArray(list) ? list.map(String) : []
  } catch {
    return []
  }
}
