/**
 * checkPages(pages: readonly { runbook: Runbook, source: string }[], options?: { note? }): Promise<Diagnostic[]>
 * checkRunbook(runbook: Runbook, source: string, options?: { note? }): Promise<Diagnostic[]>
 */
import { anchorsOf } from '../runbook/anchors.ts'
import { parsePage, type Node } from '../runbook/mdast.ts'
import type { Diagnostic, Runbook } from '../runbook/model.ts'
import { exampleOf } from '../runbook/validate.ts'
import type { Page } from './gate.ts'
import { gates } from './gates/index.ts'

export { gates } from './gates/index.ts'

export interface CheckOptions {
  readonly note?: (line: string) => void
}

/** A page that parsed; its tree is read again where it is not given. */
export interface Parsed {
  readonly runbook: Runbook
  readonly source: string
  readonly tree?: Node
}

/** What the gates find wrong with pages that parsed, in page order. `source` is the page's text. */
export async function checkPages(pages: readonly Parsed[], { note = () => {} }: CheckOptions = {}): Promise<Diagnostic[]> {
  const read = pages.map(pageOf)
  const found = await Promise.all(gates.map((gate) => gate.check(read, { note })))
  const place = new Map(pages.map(({ runbook }, index) => [runbook.path, index]))
  return found.flat().sort((a, b) => place.get(a.path)! - place.get(b.path)!
    || a.position.line - b.position.line || a.position.column - b.position.column)
}

export function checkRunbook(runbook: Runbook, source: string, options: CheckOptions = {}): Promise<Diagnostic[]> {
  return checkPages([{ runbook, source }], options)
}

function pageOf({ runbook, source, tree }: Parsed): Page {
  const text = source.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  let anchors: ReadonlySet<string> | undefined
  const page = {
    runbook,
    source: text,
    lines: text.split('\n'),
    values: Object.fromEntries([
      ...runbook.variables.map(({ name, type, default: preset }) => [name, preset || (type === 'enum' ? '' : exampleOf(type))]),
      ...runbook.blocks.flatMap(({ capture }) => capture ? [[capture.name, exampleOf(capture.type)]] : []),
    ]) as Record<string, string>,
    tree: tree ?? treeOf(text, runbook.path),
  }
  return { ...page, get anchors() { return anchors ??= anchorsOf(page.tree) } }
}

function treeOf(text: string, path: string): Node {
  const parsed = parsePage(text, path)
  if ('error' in parsed) throw new Error(`${path} parsed once and not again: ${parsed.error.message}`)
  return parsed.tree
}
