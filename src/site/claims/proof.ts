/** What settles a claim today: the pages that name it, as far as they are verified. */
import type { Runbook } from '../../runbook/model.ts'
import type { Word } from '../results/standing.ts'
import type { Claim, Topic } from './ledger.ts'

export type Proof = 'verified' | 'not verified' | 'no page'

export interface Proven {
  readonly proof: Proof
  /** Pages whose frontmatter names the claim. */
  readonly pages: readonly NamingPage[]
}

export interface NamingPage {
  readonly runbook: Pick<Runbook, 'id' | 'title' | 'claims'>
  readonly word: Word
}

export function provenBy<Page extends NamingPage>({ id }: Pick<Claim, 'id'>, all: readonly Page[]): { readonly proof: Proof, readonly pages: readonly Page[] } {
  const pages = all.filter(({ runbook }) => runbook.claims.includes(id))
  if (pages.length === 0) return { proof: 'no page', pages }
  return { proof: pages.some(({ word }) => word === 'verified') ? 'verified' : 'not verified', pages }
}

/** How many claims of the ledger have which proof. */
export function proofCounts(topics: readonly Topic[], all: readonly NamingPage[]): Readonly<Record<Proof, number>> {
  const counts = { 'verified': 0, 'not verified': 0, 'no page': 0 }
  for (const { claims } of topics) for (const claim of claims) counts[provenBy(claim, all).proof]++
  return counts
}

/** A text in parts: code between backquotes, and issues (`owner/repository#1`) with the address that they have. */
export interface Part {
  readonly type: 'text' | 'code' | 'link'
  readonly text: string
  readonly href?: string
}

export function partsOf(text: string): Part[] {
  return text.split(/(`[^`]+`|\b[\w.-]+\/[\w.-]+#\d+\b)/).filter(part => part !== '').map((part): Part => {
    if (part.startsWith('`')) return { type: 'code', text: part.slice(1, -1) }
    const issue = /^([\w.-]+\/[\w.-]+)#(\d+)$/.exec(part)
    return issue === null ? { type: 'text', text: part } : { type: 'link', text: part, href: `https://github.com/${issue[1]}/issues/${issue[2]}` }
  })
}
