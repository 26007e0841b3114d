/**
 * The ledger: what common guides say about the networking of k3s and Kubernetes, judged. One YAML file a topic below
 * src/content/claims; a runbook names the ids that it settles in its frontmatter (`claims`).
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/** From "it holds" to "it does harm"; `unproven`: nobody has shown it, and nobody the contrary. */
export const verdicts = ['correct', 'incomplete', 'misleading', 'outdated', 'wrong', 'dangerous', 'unproven'] as const

export type ClaimVerdict = (typeof verdicts)[number]

export interface Claim {
  /** A letter and a number: `H10`. */
  readonly id: string
  /** What guides say; in parentheses where they leave something out. Code in backquotes. */
  readonly said: string
  readonly verdict: ClaimVerdict
  readonly fact: string
  /** Where the fact comes from: a document, `owner/repository#number`, or `measured`. */
  readonly source?: string
  /** The fact is common knowledge that no source and no measurement has confirmed yet. */
  readonly unconfirmed: boolean
}

export interface Topic {
  readonly title: string
  readonly claims: readonly Claim[]
}

const FOLDER = 'src/content/claims'

/** In the order of the page. */
const files = ['haproxy', 'flannel', 'migration', 'cilium', 'policy', 'ports', 'load-balancing', 'k3s', 'canal']

/** Milliseconds for which one reading serves: every runbook asks, and an author may write while you look. A build reads once. */
const KEEP = process.env.NODE_ENV === 'production' ? Number.POSITIVE_INFINITY : 1000

let known: { readonly at: number, readonly topics: readonly Topic[] } | undefined

export function ledger(): readonly Topic[] {
  if (known === undefined || Date.now() - known.at > KEEP) known = { at: Date.now(), topics: files.map(name => readTopic(join(FOLDER, `${name}.yaml`))) }
  return known.topics
}

export const topicFiles: readonly string[] = files.map(name => `${name}.yaml`)

function readTopic(file: string): Topic {
  return topicOf(parse(readFileSync(file, 'utf8')), file)
}

/** @throws Error naming file, claim and key of what is wrong */
export function topicOf(value: unknown, file: string): Topic {
  const { topic, claims } = value as { topic?: unknown, claims?: unknown }
  if (typeof topic !== 'string' || !Array.isArray(claims)) throw new Error(`${file}: received no topic with claims, expected the keys topic and claims`)
  return { title: topic, claims: claims.map(claim => claimOf(claim as Readonly<Record<string, unknown>>, file)) }
}

function claimOf(claim: Readonly<Record<string, unknown>>, file: string): Claim {
  const { id, said, verdict, fact, source, unconfirmed = false, ...rest } = claim
  const wrong = (key: string, expected: string): Error =>
    new Error(`${file}: claim ${String(id)}: ${key}: received ${JSON.stringify(claim[key])}, expected ${expected}`)
  if (typeof id !== 'string' || !/^[A-Z]\d+$/.test(id)) throw wrong('id', 'a letter and a number, such as H10')
  if (typeof said !== 'string' || said === '') throw wrong('said', 'what guides say')
  if (!verdicts.includes(verdict as ClaimVerdict)) throw wrong('verdict', verdicts.join(', '))
  if (typeof fact !== 'string' || fact === '') throw wrong('fact', 'what holds')
  if (source !== undefined && typeof source !== 'string') throw wrong('source', 'a text')
  if (typeof unconfirmed !== 'boolean') throw wrong('unconfirmed', 'true or nothing')
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) throw wrong(unknown, 'no such key')
  return { id, said, verdict: verdict as ClaimVerdict, fact, unconfirmed, ...source === undefined ? {} : { source } }
}
