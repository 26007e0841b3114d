import { globSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import { ledger, topicFiles, topicOf } from '../../../src/site/claims/ledger.ts'
import { partsOf, proofCounts, provenBy } from '../../../src/site/claims/proof.ts'

const claims = ledger().flatMap(topic => topic.claims)
const ids = new Set(claims.map(({ id }) => id))
const pages = globSync('runbooks/**/*.mdx').map(path => parseRunbook(readFileSync(path), { id: path.slice('runbooks/'.length, -'.mdx'.length), path }).runbook!)

/** Ids that pages name and the ledger does not have. */
const unknown = (named: readonly { readonly id: string, readonly claims: readonly string[] }[]): string[] =>
  named.flatMap(({ id, claims }) => claims.filter(claim => !ids.has(claim)).map(claim => `${id}: ${claim}`))

describe('the ledger', () => {
  test('has every claim that a page says it settles', () => {
    expect(pages.flatMap(page => page.claims).length).toBeGreaterThan(50)
    expect(unknown(pages)).toEqual([])
    expect(unknown([{ id: 'a/b', claims: ['H1', 'H99'] }])).toEqual(['a/b: H99'])
  })

  test('has each claim once, and every file of its folder', () => {
    expect(claims.length).toBe(111)
    expect(ids.size).toBe(claims.length)
    expect(new Set(topicFiles)).toEqual(new Set(globSync('*.yaml', { cwd: 'src/content/claims' })))
  })

  test('holds whole sentences, and no word that says how easy something is', () => {
    for (const { id, fact, said } of claims) {
      expect(/\b(?:simply|just|easily|obviously)\b/i.exec(fact)?.[0], id).toBeUndefined()
      expect(fact, id).toMatch(/\.$/)
      expect(said.length, id).toBeLessThan(160)
    }
  })

  test.each([
    [{ topic: 'x' }, /expected the keys topic and claims/],
    [{ topic: 'x', claims: [{ id: '1', said: 'a', verdict: 'wrong', fact: 'b' }] }, /claim 1: id: received "1", expected a letter and a number/],
    [{ topic: 'x', claims: [{ id: 'A1', said: '', verdict: 'wrong', fact: 'b' }] }, /claim A1: said: received ""/],
    [{ topic: 'x', claims: [{ id: 'A1', said: 'a', verdict: 'bad', fact: 'b' }] }, /claim A1: verdict: received "bad", expected correct, incomplete/],
    [{ topic: 'x', claims: [{ id: 'A1', said: 'a', verdict: 'wrong', fact: 'b', sources: 'c' }] }, /claim A1: sources: received "c", expected no such key/],
  ])('refuses what is no ledger, and says where: %j', (value, message) => {
    expect(() => topicOf(value, 'x.yaml')).toThrow(message)
  })
})

describe('what settles a claim', () => {
  const page = (id: string, claims: string[], word: string) => ({ runbook: { id, title: id, claims }, word }) as never

  test('is a page that is verified today, and nothing else', () => {
    const all = [page('a/failed', ['H1', 'H2'], 'failed'), page('a/stale', ['H2'], 'stale'), page('a/good', ['H1'], 'verified')]
    expect(provenBy({ id: 'H1' }, all).proof).toBe('verified')
    expect(provenBy({ id: 'H2' }, all)).toMatchObject({ proof: 'not verified', pages: [{ word: 'failed' }, { word: 'stale' }] })
    expect(provenBy({ id: 'H3' }, all)).toEqual({ proof: 'no page', pages: [] })
  })

  test('adds up to the whole ledger', () => {
    fc.assert(fc.property(fc.array(fc.record({ claims: fc.subarray([...ids]), word: fc.constantFrom('verified', 'failed', 'not run') })), (list) => {
      const counts = proofCounts(ledger(), list.map(({ claims, word }, index) => page(`p/${index}`, claims, word)))
      expect(counts.verified + counts['not verified'] + counts['no page']).toBe(111)
      expect(counts.verified).toBe(new Set(list.filter(({ word }) => word === 'verified').flatMap(({ claims }) => claims)).size)
    }), { numRuns: 20 })
  })
})

test('parts of a text are the text', () => {
  fc.assert(fc.property(fc.array(fc.constantFrom('a', '`b c`', ' ', 'k3s-io/k3s#3576', '/', '#1')), (pieces) => {
    const text = pieces.join('')
    expect(partsOf(text).map(({ type, text }) => type === 'code' ? `\`${text}\`` : text).join('')).toBe(text)
  }))
  expect(partsOf('see k3s-io/k3s#3576; `x`')).toEqual([
    { type: 'text', text: 'see ' }, { type: 'link', text: 'k3s-io/k3s#3576', href: 'https://github.com/k3s-io/k3s/issues/3576' }, { type: 'text', text: '; ' }, { type: 'code', text: 'x' },
  ])
})
