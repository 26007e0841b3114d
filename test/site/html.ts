/** Built pages as trees, read by the HTML standard's own rules (parse5). */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, type DefaultTreeAdapterTypes } from 'parse5'

export type Element = DefaultTreeAdapterTypes.Element
type Node = DefaultTreeAdapterTypes.Node

export interface Page {
  /** `/haproxy/x/` */
  readonly url: string
  readonly root: Node
}

export function readPage(folder: string, url: string): Page {
  const file = url.endsWith('/') ? `${url}index.html` : url
  return { url, root: parse(readFileSync(join(folder, file), 'utf8')) }
}

/** Every HTML page of a built site. */
export function readPages(folder: string): Page[] {
  return globSync('**/*.html', { cwd: folder }).sort()
    .map(file => readPage(folder, `/${file.replace(/(^|\/)index\.html$/, '$1')}`))
}

export function* elements(node: Node): Generator<Element> {
  if ('tagName' in node) yield node
  const children = 'content' in node ? node.content.childNodes : 'childNodes' in node ? node.childNodes : []
  for (const child of children) yield* elements(child)
}

export const attribute = (element: Element, name: string): string | undefined =>
  element.attrs.find(attr => attr.name === name)?.value

export const hasClass = (element: Element, name: string): boolean =>
  (attribute(element, 'class') ?? '').split(/\s+/).includes(name)

/** Like DOM textContent. */
export function textOf(node: Node): string {
  if ('value' in node && node.nodeName === '#text') return node.value
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : ''
}

export const all = (node: Node, test: (element: Element) => boolean): Element[] => [...elements(node)].filter(test)

export function one(node: Node, test: (element: Element) => boolean): Element {
  const [first, second] = all(node, test)
  if (first === undefined || second !== undefined) throw new Error(`expected one element, found ${first === undefined ? 'none' : 'more'}`)
  return first
}

/** The frame of a block of a runbook. */
export const blockOf = (page: Page, kind: string, name: string): Element =>
  one(page.root, element => attribute(element, 'data-kind') === kind && attribute(element, 'data-name') === name)

export const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim()
