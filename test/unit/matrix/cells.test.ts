import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { affected } from '../../../src/cli/verify/affected.ts'
import { cellsOf, groupsOf, parseList, parseShard, variantOf } from '../../../src/matrix/cells.ts'

const page = (id: string, cni = 'any', targets = ['kind'], topology = 'load-balancer', versions: Record<string, string> = {}) => ({ id, cni, targets, topology, versions })
const names = (cells: readonly { id: string, target: string, cni: string }[]): string[] => cells.map(({ id, target, cni }) => `${id} ${target} ${cni}`)

describe('the cells of the matrix', () => {
  test('every page on each of its targets, and on none else unless it was named', () => {
    const pages = [page('b', 'any', ['kind', 'k3d']), page('a')]
    expect(names(cellsOf(pages, { targets: ['kind', 'k3d'], named: false }))).toEqual(['b k3d any', 'a kind any', 'b kind any'])
    expect(names(cellsOf(pages, { targets: ['k3d'], named: true }))).toEqual(['a k3d any', 'b k3d any'])
  })

  test('a network that was asked for goes to pages that leave it open; a page that needs its own has no other', () => {
    const pages = [page('open'), page('own', 'cilium')]
    expect(names(cellsOf(pages, { targets: ['kind'], cnis: ['flannel', 'cilium'], named: false })))
      .toEqual(['open kind cilium', 'own kind cilium', 'open kind flannel'])
  })

  test('a page that wants the images of a Cilium has no lab in common with one that does not', () => {
    const pages = [page('plain', 'flannel'), page('migrates', 'flannel', ['kind'], 'load-balancer', { cilium: '1.19', flannel: '0.28' })]
    const cells = cellsOf(pages, { targets: ['kind'], named: false })
    expect(cells.map(({ id, cilium }) => [id, cilium])).toEqual([['plain', undefined], ['migrates', '1.19']])
    expect(groupsOf(cells)).toHaveLength(2)
  })

  test('releases of Cilium that were asked for go where it is the network, and nowhere else', () => {
    const pages = [page('isolates', 'cilium', ['kind'], 'cluster', { cilium: '1.19' }), page('migrates', 'flannel', ['kind'], 'cluster', { cilium: '1.19' }), page('plain', 'flannel')]
    const cells = cellsOf(pages, { targets: ['kind'], ciliums: ['1.19', '1.20'], named: false })
    expect(cells.map(({ id, cilium }) => [id, cilium])).toEqual([['isolates', '1.19'], ['isolates', '1.20'], ['migrates', '1.19'], ['plain', undefined]])
    expect(cells.map(cell => variantOf(cell, { cni: false, cilium: true, haproxy: false }))).toEqual(['cilium-1.19', 'cilium-1.20', undefined, undefined])
    expect(cells.map(cell => variantOf(cell, { cni: true, cilium: false, haproxy: false }))).toEqual(['cilium', 'cilium', 'flannel', 'flannel'])
  })

  test('releases of HAProxy that were asked for go to pages about it, each in labs of its own; other pages run once', () => {
    const pages = [page('balances', 'any', ['kind'], 'no-cluster', { haproxy: '2.6' }), page('plain', 'any', ['kind'], 'no-cluster')]
    const cells = cellsOf(pages, { targets: ['kind'], haproxies: ['2.6', '3.2'], named: false })
    expect(cells.map(({ id, haproxy }) => [id, haproxy])).toEqual([['plain', undefined], ['balances', '2.6'], ['balances', '3.2']])
    expect(groupsOf(cells)).toHaveLength(3)
    expect(cells.map(cell => variantOf(cell, { cni: false, cilium: false, haproxy: true }))).toEqual([undefined, 'haproxy-2.6', 'haproxy-3.2'])
    expect(cellsOf(pages, { targets: ['kind'], named: false }).map(({ haproxy }) => haproxy)).toEqual([undefined, undefined])
  })

  test('agents that were asked for are those of every cluster; pages whose topology has none are refused', () => {
    const pages = [page('small', 'flannel', ['kind'], 'cluster')]
    const [two, four] = [undefined, 4].map(agents => cellsOf(pages, { targets: ['kind'], agents, named: true }))
    expect([two, four].map(cells => cells![0]!.agents)).toEqual([undefined, 4])
    expect(groupsOf([...two!, ...four!])).toHaveLength(2)
    expect(() => cellsOf([...pages, page('balances')], { targets: ['kind'], agents: 4, named: true }))
      .toThrow('received --agents for balances, whose topology load-balancer has none; expected pages of cluster or cluster-and-outside')
  })

  test('machines without a cluster have no network: one cell, whatever networks were asked for', () => {
    expect(names(cellsOf([page('bare', 'any', ['kind'], 'no-cluster')], { targets: ['kind'], cnis: ['flannel', 'cilium'], named: false }))).toEqual(['bare kind any'])
  })

  const anyPages = fc.uniqueArray(fc.record({
    id: fc.string({ minLength: 1, maxLength: 6 }),
    cni: fc.constantFrom('any', 'flannel', 'cilium'),
    topology: fc.constantFrom('load-balancer', 'cluster'),
    targets: fc.constant(['kind']),
    versions: fc.constantFrom({}, { haproxy: '2.6' }, { cilium: '1.19' }),
  }), { selector: ({ id }) => id, maxLength: 40 })

  test('the order does not depend on the order in which pages were found', () => {
    fc.assert(fc.property(anyPages, (pages) => {
      const ask = { targets: ['kind'], named: false }
      expect(cellsOf(pages.toReversed(), ask)).toEqual(cellsOf(pages, ask))
    }))
  })
})

describe('options', () => {
  test.each(['0/2', '3/2', '1', 'a/b', '1/2/3', '-1/2'])('--shard %s is refused', (text) => {
    expect(() => parseShard(text)).toThrow(`received --shard ${text}, expected I/N`)
  })

  test('an unknown name is refused with the known ones', () => {
    expect(() => parseList('--on', 'kind,k3s', ['kind', 'k3d'])).toThrow('received --on k3s, expected kind, k3d. Did you mean "k3d"?')
    expect(() => parseList('--on', ' , ', ['kind'])).toThrow('received an empty --on')
  })
})

describe('what a change can have broken', () => {
  const pages = [{ path: 'runbooks/a.mdx' }, { path: 'runbooks/b.mdx' }]
  test.each([
    [['runbooks/b.mdx', 'README.md'], ['runbooks/b.mdx']],
    [['test/unit/x.test.ts', 'src/site/badge.ts'], []],
    [['src/run/verify.ts'], ['runbooks/a.mdx', 'runbooks/b.mdx']],
    [['package-lock.json'], ['runbooks/a.mdx', 'runbooks/b.mdx']],
  ])('%j', (changed, expected) => {
    expect(affected(pages, changed).map(({ path }) => path)).toEqual(expected)
  })
})
