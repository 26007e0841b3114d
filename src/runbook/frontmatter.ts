/** The YAML between the first two `---` lines. Each field is one entry of `fields`; positions are those of the page. */
import { isMap, isScalar, LineCounter, parseDocument, type Node as YamlNode, type Pair } from 'yaml'
import { readVariables } from './declared.ts'
import { DURATION_FORM, parseDuration } from './duration.ts'
import { duration, oneOf, record, shown, text, words, type Field, type Report } from './field.ts'
import type { Position, Runbook } from './model.ts'
import { didYouMean } from './suggest.ts'
import { DEFAULT_TOPOLOGY, topologies } from './topologies.ts'

type Fields = Pick<Runbook, 'title' | 'description' | 'variables' | 'topology' | 'cni' | 'targets' | 'risk' | 'duration'
  | 'downtimeBudget' | 'versions' | 'claims' | 'requires' | 'verifiedFor'>
type Draft = { -readonly [K in keyof Fields]?: Fields[K] }

/** Keys that Starlight reads from the same frontmatter; they are passed over. */
const starlightKeys = ['sidebar', 'tableOfContents', 'banner', 'draft', 'slug', 'prev', 'next', 'editUrl',
  'lastUpdated', 'pagefind', 'head', 'hero', 'template']

const ID = /^[a-z0-9][a-z0-9-]*(?:\/[a-z0-9][a-z0-9-]*)*$/
const BUDGET_FORM = `${DURATION_FORM}, or a share such as 5%`

const fields: { readonly [K in keyof Required<Fields>]: (field: Field) => Fields[K] | undefined } = {
  title: text,
  description: text,
  variables: readVariables,
  topology: (field) => oneOf(field, Object.keys(topologies)),
  cni: (field) => oneOf(field, ['any', 'flannel', 'cilium', 'calico', 'kindnet']),
  targets: (field) => words(field, (word) => ['kind', 'k3d', 'hosts'].includes(word), 'a list of kind, k3d, hosts'),
  risk: (field) => oneOf(field, ['read-only', 'reversible', 'outage']) as Runbook['risk'] | undefined,
  duration,
  downtimeBudget: (field) => record(field, (value) =>
    parseDuration(value) !== undefined || /^[0-9]{1,2}(?:\.[0-9]+)?%$/.test(value), BUDGET_FORM),
  versions: (field) => record(field, (value) => value.length > 0, 'a version such as 2.6'),
  claims: (field) => words(field, (word) => /^[A-Z]+[0-9]+$/.test(word), 'a list of claims such as [H1, H4]'),
  requires: (field) => words(field, (word) => ID.test(word),
    'a list of runbook ids such as [haproxy/external-load-balancer]'),
  verifiedFor: duration,
}

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
      const value = fields[key as keyof Fields]({ key, node: pair.value, ...here, place, wrong, report })
      if (value !== undefined) Object.assign(draft, { [key]: value })
      present.add(key)
    } else if (!starlightKeys.includes(key)) {
      const hint = didYouMean(key, Object.keys(fields))
      report({ ...place(pair.key), message: `unknown key "${key}" in the frontmatter${hint}`, received: `"${key}"`,
        expected: `one of ${Object.keys(fields).join(', ')}` })
    }
  }
  for (const key of ['title', 'description', 'risk'] as const) {
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
    ...(draft.duration === undefined ? {} : { duration: draft.duration }),
    downtimeBudget: draft.downtimeBudget ?? {},
    versions: draft.versions ?? {},
    claims: draft.claims ?? [],
    requires: draft.requires ?? [],
    verifiedFor: draft.verifiedFor ?? parseDuration('30d')!,
  }
}
