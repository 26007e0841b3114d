/**
 * What can go wrong, as the pages themselves say it: the rows of the tables below "When it fails". They are written
 * once, in the runbook, and the index of all of them is made from there.
 */
import { readFileSync } from 'node:fs'
import { fill } from '../runbook/placeholders.ts'
import { parsePage, plainText, walk, type Node } from '../runbook/mdast.ts'
import type { Runbook } from '../runbook/model.ts'
import { readSource } from '../runbook/source.ts'
import { defaultsOf } from './book.ts'
import { inlineHtml } from './inline-html.ts'

export interface Trouble {
  /** Id of the page. */
  readonly runbook: string
  readonly title: string
  /** The three cells as HTML: symptom, meaning, way out. */
  readonly cells: readonly [see: string, means: string, act: string]
  /** Symptom without markup, to sort by. */
  readonly text: string
  /** Messages and status words that stand in the symptom as a program prints them. */
  readonly messages: readonly string[]
}

/** Anchor of the section in its page. */
export const FAILS = 'when-it-fails'

const FIRST_COLUMN = 'You see'

/** The rows of a page in its order; none when the page has no such table. @param base path from which the site is served, without a slash at its end */
export function troublesOf(runbook: Runbook, base = ''): Trouble[] {
  return tablesOf(runbook).flatMap(table => {
    const [head, ...rows] = table.children ?? []
    if (head === undefined || plainText(head.children![0]!).trim() !== FIRST_COLUMN) return []
    return rows.map(row => troubleOf(row, runbook, base))
  })
}

/** Whether the page has the section, with whatever table. */
export const saysWhatFails = (runbook: Runbook): boolean => tablesOf(runbook).length > 0

function troubleOf(row: Node, runbook: Runbook, base: string): Trouble {
  const values = defaultsOf(runbook)
  const [see, means, act] = [0, 1, 2].map(column => {
    const cell = row.children?.[column]
    return cell === undefined ? '' : inlineHtml(cell, { id: runbook.id, base, code: text => fill(text, values) })
  }) as [string, string, string]
  const first = row.children![0]!
  return {
    runbook: runbook.id, title: runbook.title, cells: [see, means, act], text: plainText(first).trim(),
    messages: [...walk(first)].flatMap(({ type, value }) => type === 'inlineCode' && isMessage(value!) ? [fill(value!, values)] : []),
  }
}

/**
 * Code that a program prints, not code that somebody types: several words without an option among them
 * (`link has incompatible addresses`, not `arping -D`), or a status word (`L4TOUT`).
 */
export const isMessage = (code: string): boolean =>
  /^[A-Z][A-Z0-9]{3,}$/.test(code) || (/\S\s+\S/.test(code) && !/\s-/.test(code) && !/^[a-zA-Z]+: \S+$/.test(code))

/** Each block of a page asks; the page is read once. */
const known = new WeakMap<Runbook, Node[]>()

function tablesOf(runbook: Runbook): Node[] {
  if (!known.has(runbook)) known.set(runbook, readTables(runbook.path))
  return known.get(runbook)!
}

function readTables(path: string): Node[] {
  const read = readSource(readFileSync(path), path)
  const parsed = 'diagnostic' in read ? read : parsePage(read.text, path)
  if (!('tree' in parsed)) return []
  const nodes = parsed.tree.children ?? []
  const start = nodes.findIndex(node => node.type === 'heading' && node.depth === 2 && /^when it fails\b/i.test(plainText(node)))
  if (start < 0) return []
  const length = nodes.slice(start + 1).findIndex(node => node.type === 'heading' && node.depth! <= 2)
  return nodes.slice(start + 1, length < 0 ? undefined : start + 1 + length).filter(({ type }) => type === 'table')
}
