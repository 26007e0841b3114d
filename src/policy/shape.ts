/** What a YAML file may hold, and everything in it that is something else, with its place. */
import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments, visit, type Document, type Node, type Pair } from 'yaml'
import { renderDiagnostic } from '../check/render.ts'
import { BadInput } from '../runbook/errors.ts'
import { shown } from '../runbook/field.ts'
import type { Diagnostic } from '../runbook/model.ts'
import { didYouMean } from '../runbook/suggest.ts'

export type Shape =
  /** A map with these keys; `needs` must be there. */
  | { readonly keys: Readonly<Record<string, Shape>>, readonly needs?: readonly string[] }
  /** A map with any keys. */
  | { readonly each: Shape }
  | { readonly list: Shape }
  /** The first that has the kind of the value: a list, a map or a scalar. */
  | { readonly either: readonly Shape[] }
  | { readonly value: (value: unknown) => boolean, readonly expected: string }
  /** A map with any keys, of which these are known. */
  | { readonly open: Readonly<Record<string, Shape>> }
  /** A map whose own keys tell what it may hold. */
  | { readonly by: (key: (name: string) => unknown) => Shape }
  | { readonly any: true }

export const anything: Shape = { any: true }

export const text: Shape = { value: value => typeof value === 'string' && value !== '', expected: 'text' }
export const labels: Shape = { each: { value: value => typeof value === 'string', expected: 'text: put it in quotes' } }
export const oneOf = (words: readonly string[]): Shape =>
  ({ value: value => words.includes(value as string), expected: words.join(', ') })
export const number = (min: number, max: number): Shape =>
  ({ value: value => Number.isInteger(value) && Number(value) >= min && Number(value) <= max, expected: `a number, ${min} to ${max}` })
export const name: Shape = {
  value: value => typeof value === 'string' && /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(value),
  expected: 'a name of lower-case letters, digits and hyphens',
}

/** A file that cannot be used: every finding with its line, and the line under it. */
export class BadFile extends BadInput {
  override readonly name = 'BadFile'
  readonly findings: readonly Diagnostic[]
  constructor(findings: readonly Diagnostic[], source: string) {
    super(findings.map(finding => renderDiagnostic(finding, source)).join('\n'))
    this.findings = findings
  }
}

export type Path = readonly (string | number)[]

export interface Located {
  readonly value: unknown
  /** Of a value below; of the nearest one above when there is none. */
  place(path: Path): Pick<Diagnostic, 'path' | 'position' | 'length'>
}

/** Every document of a YAML file that has the shape that `shapeOf` tells for it. @throws BadFile with everything that is wrong */
export function readYaml(path: string, source: string, shapeOf: (value: unknown) => Shape): Located[] {
  const lines = new LineCounter()
  const found: Diagnostic[] = []
  const placeOf = (node: unknown): Pick<Diagnostic, 'path' | 'position' | 'length'> => {
    const [from, to] = (node as Node | null)?.range ?? [0, 0]
    const { line, col } = lines.linePos(from)
    return { path, position: { line: Math.max(1, line), column: Math.max(1, col) }, length: Math.max(1, source.slice(from, to).split('\n')[0]!.trimEnd().length) }
  }
  const parsed = parseAllDocuments(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const documents = ('empty' in parsed ? [] : parsed) as Document[]
  for (const { errors } of documents) {
    for (const { pos: [from], message } of errors) {
      const { line, col } = lines.linePos(from)
      found.push({ path, position: { line, column: col }, message: `no valid YAML: ${message}` })
    }
  }
  if (found.length > 0) throw new BadFile(found, source)
  const filled = documents.filter(({ contents }) => contents !== null && !(isScalar(contents) && contents.value === null))
  if (filled.length === 0) throw new BadFile([{ path, position: { line: 1, column: 1 }, message: 'the file holds nothing' }], source)
  for (const document of filled) {
    // What an alias stands for is where it was written, which is also the place to be named.
    visit(document, { Alias: (_, alias) => alias.resolve(document) })
    conform(document.contents as Node, shapeOf(document.toJS()), '', (node, message, received, expected) =>
      found.push({ ...placeOf(node), message, ...received === undefined ? {} : { received }, expected }))
  }
  if (found.length > 0) throw new BadFile(found, source)
  return filled.map(document => ({
    value: document.toJS(),
    place(below) {
      for (let length = below.length; length > 0; length--) {
        const node = document.getIn(below.slice(0, length), true)
        if ((node as Node | undefined)?.range) return placeOf(node)
      }
      return placeOf(document.contents)
    },
  }))
}

type Wrong = (node: unknown, message: string, received: string | undefined, expected: string) => void

function conform(node: Node | null, shape: Shape, at: string, wrong: Wrong, key?: unknown): void {
  const bad = (expected: string): void => wrong(node?.range ? node : key, `bad ${at === '' ? 'file' : `"${at}"`}`, shown(node), expected)
  const below = (name: string): string => at === '' ? name : `${at}.${name}`
  if ('any' in shape) return
  if ('by' in shape) return conform(node, isMap(node) ? shape.by(name => node.get(name)) : { each: anything }, at, wrong, key)
  if ('either' in shape) {
    const fits = shape.either.find(one => 'list' in one ? isSeq(node) : 'keys' in one || 'each' in one ? isMap(node) : isScalar(node))
    return conform(node, fits ?? shape.either[0]!, at, wrong, key)
  }
  if ('value' in shape) {
    if (!isScalar(node) || !shape.value(node.value)) bad(shape.expected)
  } else if ('list' in shape) {
    if (!isSeq(node)) return bad('a list')
    node.items.forEach((item, index) => conform(item as Node, shape.list, `${at}[${index}]`, wrong))
  } else if ('open' in shape) {
    for (const [word, inner] of Object.entries(shape.open)) if (isMap(node) && node.has(word)) conform(node.get(word, true) as Node, inner, below(word), wrong)
  } else if (!isMap(node)) {
    bad('keys' in shape ? `a map with ${Object.keys(shape.keys).join(', ')}` : 'a map')
  } else if ('each' in shape) {
    for (const { key: own, value } of node.items as Pair<Node, Node | null>[]) conform(value, shape.each, below(String(own)), wrong, own)
  } else {
    const known = Object.keys(shape.keys)
    for (const { key: own, value } of node.items as Pair<Node, Node | null>[]) {
      const word = String(own)
      const inner = Object.hasOwn(shape.keys, word) ? shape.keys[word] : undefined
      if (inner === undefined) wrong(own, `unknown key "${word}"${at === '' ? '' : ` in ${at}`}${didYouMean(word, known)}`, undefined, `one of ${known.join(', ')}`)
      else conform(value, inner, below(word), wrong, own)
    }
    for (const needed of shape.needs ?? []) {
      if (!node.has(needed)) wrong(node, `${at === '' ? 'the file' : at} lacks "${needed}"`, undefined, needed)
    }
  }
}
