/**
 * The keys of the frontmatter: how each is read, what an editor may accept, what it means. The table is the grammar, the
 * JSON Schema and the reference page at once; register a key here.
 */
import { readVariables } from './declared.ts'
import { DURATION_FORM, DURATION_PATTERN, parseDuration } from './duration.ts'
import { duration, flag, oneOf, record, text, words, type Field } from './field.ts'
import type { Runbook } from './model.ts'
import { DEFAULT_TOPOLOGY, topologies } from './topologies.ts'
import { flowNames, type Flow } from './traffic.ts'
import { ENUM_VALUE, variableTypes } from './validate.ts'

export type Fields = Pick<Runbook, 'title' | 'description' | 'variables' | 'topology' | 'cni' | 'targets' | 'risk'
  | 'idempotent' | 'duration' | 'traffic' | 'downtimeBudget' | 'versions' | 'claims' | 'requires' | 'verifiedFor'>

/** JSON Schema, as far as it is used here. */
export type Schema = Readonly<Record<string, unknown>>

export interface FieldRule<T> {
  readonly read: (field: Field) => T | undefined
  /** What an editor may accept; never narrower than `read`. */
  readonly schema: Schema
  /** Markdown, for the reference page and for editors. */
  readonly means: string
  /** What holds where the key is missing. */
  readonly missing: string
}

const ID = /^[a-z0-9][a-z0-9-]*(?:\/[a-z0-9][a-z0-9-]*)*$/
const CLAIM = /^[A-Z]+[0-9]+$/
const SHARE = /^[0-9]{1,2}(?:\.[0-9]+)?%$/
/** What every type of variable accepts begins so. */
const VALUE = /^[A-Za-z0-9][A-Za-z0-9._@:+/-]*$/

const cnis = ['any', 'flannel', 'cilium', 'calico', 'kindnet']
const targets = ['kind', 'k3d', 'hosts']
const risks = ['read-only', 'reversible', 'outage']
const coded = (list: readonly string[]): string => list.map((word) => `\`${word}\``).join(', ')

/** A scalar, of which YAML may make a number. */
const scalar = (pattern: RegExp | string): Schema => ({ type: ['string', 'number'], pattern: typeof pattern === 'string' ? pattern : pattern.source })
const list = (items: Schema): Schema => ({ type: 'array', items })
const sentence: Schema = { type: 'string', pattern: '\\S' }

const variables: Schema = {
  type: 'object',
  additionalProperties: {
    anyOf: [{
      type: 'object',
      properties: {
        type: { type: 'string', enum: variableTypes.filter((type) => type !== 'secret') },
        default: { type: ['string', 'number', 'boolean'], pattern: VALUE.source },
        label: sentence,
        values: list({ type: ['string', 'number', 'boolean'], pattern: ENUM_VALUE.source }),
      },
      required: ['type', 'default'],
      additionalProperties: false,
    }, {
      type: 'object',
      properties: { type: { const: 'secret' }, label: sentence },
      required: ['type'],
      additionalProperties: false,
    }],
  },
}

export const fields: { readonly [K in keyof Required<Fields>]: FieldRule<Fields[K]> } = {
  title: { read: text, schema: sentence, means: 'What the reader does', missing: 'An error' },
  description: { read: text, schema: sentence, means: 'One sentence that says when one needs the page', missing: 'An error' },
  variables: { read: readVariables, schema: variables, means: 'The values that a reader supplies', missing: 'None' },
  topology: {
    read: (field) => oneOf(field, Object.keys(topologies)),
    schema: { type: 'string', enum: Object.keys(topologies) },
    means: `The hosts of the lab: ${coded(Object.keys(topologies))}`, missing: `\`${DEFAULT_TOPOLOGY}\``,
  },
  cni: {
    read: (field) => oneOf(field, cnis),
    schema: { type: 'string', enum: cnis },
    means: `The CNI of the lab: ${coded(cnis)}`, missing: '`any`',
  },
  targets: {
    read: (field) => words(field, (word) => targets.includes(word), 'a list of kind, k3d, hosts'),
    schema: list({ type: 'string', enum: targets }),
    means: `Where the page must verify: a list of ${coded(targets)}`, missing: '`[kind]`',
  },
  risk: {
    read: (field) => oneOf(field, risks) as Runbook['risk'] | undefined,
    schema: { type: 'string', enum: risks },
    means: 'What it may do to your cluster: `read-only`, `reversible` or `outage`', missing: 'An error',
  },
  idempotent: {
    read: flag,
    schema: { type: 'boolean' },
    means: 'Going through the page again changes nothing: `verify` runs steps and checks a second time and compares what there is before and after',
    missing: '`false`: nothing is said, nothing is proven',
  },
  duration: { read: duration, schema: scalar(DURATION_PATTERN), means: 'How long it takes with reading: `10m`', missing: 'Not shown' },
  traffic: {
    read: (field) => words(field, (word) => flowNames.includes(word as Flow), `a list of ${flowNames.join(', ')}`) as readonly Flow[] | undefined,
    schema: list({ type: 'string', enum: flowNames }),
    means: `Flows that \`verify\` measures from before the first step until after the last rollback: a list of ${coded(flowNames)}`,
    missing: 'Nothing is measured',
  },
  downtimeBudget: {
    read: (field) => record(field, (value) => parseDuration(value) !== undefined || SHARE.test(value),
      `${DURATION_FORM}, or a share such as 5%`),
    schema: { type: 'object', additionalProperties: scalar(`${DURATION_PATTERN.source}|${SHARE.source}`) },
    means: 'What may be lost at most: `\\{ http: 5s }`, or a share of the time such as `5%`. Of a page with `traffic`, for each place that asks the flow, on the way there and again on the way back; more fails the verification', missing: 'Not shown',
  },
  versions: {
    read: (field) => record(field, (value) => value.length > 0, 'a version such as 2.6'),
    schema: { type: 'object', additionalProperties: scalar(/./) },
    means: 'Component versions that it is written for. `cilium` also decides what the lab holds: nodes have the images of that release, and the client has Helm and its chart, whatever network runs. Of two, `1.19, 1.20`, the lab installs the first, and has the chart of the other in a folder by its version',
    missing: 'None',
  },
  claims: {
    read: (field) => words(field, (word) => CLAIM.test(word), 'a list of claims such as [H1, H4]'),
    schema: list({ type: 'string', pattern: CLAIM.source }),
    means: 'Ids of claims that it settles', missing: 'None',
  },
  requires: {
    read: (field) => words(field, (word) => ID.test(word),
      'a list of runbook ids such as [haproxy/external-load-balancer]'),
    schema: list(scalar(ID)),
    means: 'Runbooks that come before it', missing: 'None',
  },
  verifiedFor: { read: duration, schema: scalar(DURATION_PATTERN), means: 'After this time a result is stale: `30d`', missing: '`30d`' },
}

/** Keys that Starlight reads from the same frontmatter; they are passed over. */
export const starlightKeys = ['sidebar', 'tableOfContents', 'banner', 'draft', 'slug', 'prev', 'next', 'editUrl',
  'lastUpdated', 'pagefind', 'head', 'hero', 'template']

/** Keys that every page has. */
export const required = ['title', 'description', 'risk'] as const
