/** The YAML between the first two `---` lines. Positions are those of the page. */
import { isMap, isScalar, LineCounter, parseDocument, type Node as YamlNode, type Pair } from 'yaml'
import { parseDuration } from './duration.ts'
import { shown, type Report } from './field.ts'
import { fields, required, starlightKeys, type Fields } from './fields.ts'
import type { Position } from './model.ts'
import { didYouMean } from './suggest.ts'
import { DEFAULT_TOPOLOGY } from './topologies.ts'
import type { Flow } from './traffic.ts'

type Draft = { -readonly [K in keyof Fields]?: Fields[K] }

/** The facts of a page; undefined when one that it needs is missing. `line` is the page's line of the first `---`. */
export function readFrontmatter(source: string, line: number, report: Report): Fields | undefined {
  const lines = new LineCounter()
  const doc = parseDocument(source, { lineCounter: lines, uniqueKeys: true, prettyErrors: false })
  const at = (offset: number): Position => {
    const { line: row, col } = lines.linePos(offset)
    return { line: line + row, column: col }
  }
  const place = (node: unknown) => {
    const range = (node as YamlNode | null)?.range
    if (range === null || range === undefined) return { position: { line, column: 1 }, length: 3 }
    const position = at(range[0])
    return { position, length: Math.max(1, source.slice(range[0], range[1]).split('\n')[0]!.trimEnd().length) }
  }

  for (const error of [...doc.errors, ...doc.warnings]) {
    if (error.code === 'DUPLICATE_KEY') {
      const key = /^[^\s:]*/.exec(source.slice(error.pos[0]))![0]
      report({ position: at(error.pos[0]), message: `duplicate key "${key}" in the frontmatter`,
        received: `"${key}" twice`,
        expected: 'each key once', length: key.length })
    } else {
      report({ position: at(error.pos[0]), message: `the frontmatter is not valid YAML: ${error.message}` })
    }
  }
  if (doc.errors.some(({ code }) => code !== 'DUPLICATE_KEY')) return undefined
  if (!isMap(doc.contents)) {
    report({ position: { line, column: 1 }, message: 'the frontmatter holds no keys',
      expected: 'title, description, risk, ...', length: 3 })
    return undefined
  }

  const draft: Draft = {}
  const present = new Set<string>()
  for (const pair of doc.contents.items as Pair<YamlNode, YamlNode | null>[]) {
    const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key)
    if (Object.hasOwn(fields, key)) {
      const here = pair.value?.range ? place(pair.value) : place(pair.key)
      const wrong = (expected: string, node?: unknown) => {
        const spot = node === undefined ? here : place(node)
        report({ ...spot, message: `bad "${key}" in the frontmatter`,
          received: shown(node === undefined ? pair.value : node), expected })
        return undefined
      }
      const value = fields[key as keyof Fields].read({ key, node: pair.value, ...here, place, wrong, report })
      if (value !== undefined) Object.assign(draft, { [key]: value })
      present.add(key)
    } else if (!starlightKeys.includes(key)) {
      const hint = didYouMean(key, Object.keys(fields))
      report({ ...place(pair.key), message: `unknown key "${key}" in the frontmatter${hint}`, received: `"${key}"`,
        expected: `one of ${Object.keys(fields).join(', ')}` })
    }
  }
  const node = (key: keyof Fields): YamlNode | undefined => doc.get(key, true) as YamlNode | undefined
  checkTraffic(draft, { node, place, report })
  for (const key of required) {
    if (!present.has(key)) {
      report({ position: { line, column: 1 }, message: `the frontmatter lacks "${key}"`, received: 'no such key',
        expected: key === 'risk' ? 'risk: read-only, reversible or outage' : `${key}: a sentence`, length: 3 })
    }
  }
  return {
    title: draft.title ?? '',
    description: draft.description ?? '',
    variables: draft.variables ?? [],
    topology: draft.topology ?? DEFAULT_TOPOLOGY,
    cni: draft.cni ?? 'any',
    targets: draft.targets ?? ['kind'],
    risk: draft.risk ?? 'outage',
    idempotent: draft.idempotent ?? false,
    ...(draft.duration === undefined ? {} : { duration: draft.duration }),
    traffic: draft.traffic ?? [],
    downtimeBudget: draft.downtimeBudget ?? {},
    versions: draft.versions ?? {},
    claims: draft.claims ?? [],
    requires: draft.requires ?? [],
    verifiedFor: draft.verifiedFor ?? parseDuration('30d')!,
  }
}

interface Places {
  readonly node: (key: keyof Fields) => YamlNode | undefined
  readonly place: (node: unknown) => { position: Position, length: number }
  readonly report: Report
}

/** Where flows are measured, a budget for anything else would be nobody's; and a flow needs a cluster. */
function checkTraffic({ traffic = [], downtimeBudget = {}, topology }: Draft, { node, place, report }: Places): void {
  if (traffic.length === 0) return
  const budgets = node('downtimeBudget')
  for (const { key } of isMap(budgets) ? budgets.items : []) {
    const name = String(isScalar(key) ? key.value : key)
    if (!Object.hasOwn(downtimeBudget, name) || traffic.includes(name as Flow)) continue
    report({ ...place(key), message: `nobody measures "${name}"${didYouMean(name, traffic)}`, received: `"${name}"`,
      expected: `a flow of the page's traffic: ${traffic.join(', ')}` })
  }
  if (topology === 'no-cluster') {
    report({ ...place(node('traffic')), message: 'traffic is measured in a cluster', received: 'topology: no-cluster',
      expected: 'another topology, or no traffic' })
  }
}
