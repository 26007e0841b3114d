/** Reading one field of the frontmatter: each reader returns the value, or reports and returns nothing. */
import { isMap, isScalar, isSeq, type Node as YamlNode, type Pair } from 'yaml'
import { DURATION_FORM, parseDuration } from './duration.ts'
import type { Diagnostic, Position } from './model.ts'
import { listed } from './suggest.ts'

/** Reports one thing wrong; the path is added later. */
export type Report = (diagnostic: Omit<Diagnostic, 'path'>) => void

/** What a field's reader is given: the value's node, and ways to say what is wrong with it. */
export interface Field {
  readonly key: string
  readonly node: YamlNode | null
  readonly position: Position
  readonly length: number
  /** The page's position of any node below. */
  readonly place: (node: unknown) => { position: Position, length: number }
  readonly wrong: (expected: string, node?: unknown) => undefined
  readonly report: Report
}

/** The text of a scalar as it was written, so that the version 1.10 does not become the number 1.1. */
export function written(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined
  return typeof node.value === 'string' ? node.value : node.source ?? String(node.value)
}

/** A value as a message shows it. */
export function shown(node: unknown): string {
  if (isMap(node)) return 'a map'
  if (isSeq(node)) return 'a list'
  const text = written(node)
  return text === undefined ? 'nothing' : JSON.stringify(text)
}

export function text(field: Field): string | undefined {
  const value = isScalar(field.node) && typeof field.node.value === 'string' ? field.node.value.trim() : ''
  return value === '' ? field.wrong('text') : value
}

export function oneOf(field: Field, allowed: readonly string[]): string | undefined {
  const value = written(field.node)
  return value !== undefined && allowed.includes(value) ? value : field.wrong(listed(allowed))
}

export function flag(field: Field): boolean | undefined {
  const value = isScalar(field.node) ? field.node.value : undefined
  return typeof value === 'boolean' ? value : field.wrong('true or false')
}

export function duration(field: Field): number | undefined {
  return parseDuration(written(field.node) ?? '') ?? field.wrong(DURATION_FORM)
}

export function words(field: Field, accepts: (word: string) => boolean,
  expected: string): readonly string[] | undefined {
  if (!isSeq(field.node)) return field.wrong(expected)
  const bad = field.node.items.find((item) => !accepts(written(item) ?? ''))
  return bad === undefined ? field.node.items.map((item) => written(item)!) : field.wrong(expected, bad)
}

export function record(field: Field, accepts: (value: string) => boolean,
  expected: string): Record<string, string> | undefined {
  if (!isMap(field.node)) return field.wrong(`a map; each value ${expected}`)
  const items = field.node.items as Pair<YamlNode, YamlNode | null>[]
  const bad = items.find(({ value }) => !accepts(written(value) ?? ''))
  if (bad !== undefined) return field.wrong(expected, bad.value ?? bad.key)
  return Object.fromEntries(items.map(({ key, value }) => [written(key) ?? '', written(value)!]))
}
