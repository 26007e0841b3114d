/** Values in a file: the one source that needs YAML, and so a module of its own. */
import { isMap, isScalar, LineCounter, parseDocument, type Node as YamlNode, type Pair } from 'yaml'
import { written } from './field.ts'
import type { ValueProblem, ValueSource } from './variables.ts'

/** A YAML file of `name: value`; `path` is for messages. */
export function valuesFromFile(text: string, path: string): { source: ValueSource, problems: ValueProblem[] } {
  const lines = new LineCounter()
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const line = (offset: number) => lines.linePos(offset).line
  const problems: ValueProblem[] = doc.errors.map((error) =>
    ({ source: `${path}:${line(error.pos[0])}`, message: 'not valid YAML', received: error.message,
      expected: 'lines of name: value' }))
  const values: Record<string, string> = {}
  const places = new Map<string, number>()
  if (problems.length === 0 && doc.contents !== null && !isMap(doc.contents)) {
    problems.push({ source: path, message: 'not a map of values', received: 'another kind of YAML',
      expected: 'lines of name: value' })
  }
  for (const { key, value } of isMap(doc.contents) ? doc.contents.items as Pair<YamlNode, YamlNode | null>[] : []) {
    const name = isScalar(key) ? String(key.value) : ''
    const scalar = written(value)
    places.set(name, line(key.range?.[0] ?? 0))
    if (scalar !== undefined) values[name] = scalar
    else {
      problems.push({ source: `${path}:${places.get(name)}`, message: `bad value of variable "${name}"`,
        received: 'nothing, a list or a map', expected: 'one value' })
    }
  }
  return { source: { label: (name) => `${path}:${places.get(name) ?? 1}`, values, strict: true }, problems }
}
