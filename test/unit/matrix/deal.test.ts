import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareCells, labKey, type Cell } from '../../../src/matrix/cells.ts'
import { deal, loadOf, lowerBound, makespanOf, shardsWithin, type Costs } from '../../../src/matrix/deal.ts'
import { recordedCosts } from '../../../src/matrix/durations.ts'
import { median } from '../../../src/report/trends.ts'
import { sampleResult } from '../report/sample.ts'

const SECOND = 1000
const cell = (id: string, topology = 'cluster', cni = 'any'): Cell => ({ id, target: 'kind', topology, cni })

/** A page's seconds are in its name: `7-130`. */
const costs: Costs = { cell: ({ id }) => Number(id.split('-')[1]) * SECOND, lab: ({ topology }) => topology === 'no-cluster' ? 15 * SECOND : 75 * SECOND }

const anyCells = (size: { minLength?: number, maxLength: number }, longest = 400) => fc.array(fc.tuple(
  fc.integer({ min: 5, max: longest }), fc.constantFrom('no-cluster', 'cluster', 'load-balancer'), fc.constantFrom('flannel', 'cilium'),
), size).map(all => all.map(([seconds, topology, cni], index) => cell(`${index}-${seconds}`, topology, cni)))
const counts = fc.integer({ min: 1, max: 9 })

/** What the bound promises is what no way of dealing can beat: all of them are tried. */
function best(cells: readonly Cell[], count: number): number {
  let least = Infinity
  const tryAll = (index: number, shards: Cell[][]): void => {
    if (index === cells.length) {
      least = Math.min(least, makespanOf(shards, costs))
      return
    }
    for (const shard of shards) {
      shard.push(cells[index]!)
      tryAll(index + 1, shards)
      shard.pop()
      // shards are alike: one empty one is as good as the next
      if (shard.length === 0) break
    }
  }
  tryAll(0, Array.from({ length: count }, () => []))
  return least
}

describe('shards', () => {
  test('together they are all cells, and none twice', () => {
    fc.assert(fc.property(anyCells({ maxLength: 40 }), counts, (cells, count) => {
      const shards = deal(cells, count, costs)
      expect(shards).toHaveLength(count)
      expect(shards.flat().toSorted(compareCells)).toEqual(cells.toSorted(compareCells))
    }))
  })

  test('the order in which the cells come changes nothing', () => {
    fc.assert(fc.property(anyCells({ maxLength: 30 }).chain(cells => fc.tuple(fc.constant(cells), fc.shuffledSubarray(cells, { minLength: cells.length }))), counts, ([cells, shuffled], count) => {
      expect(deal(shuffled, count, costs)).toEqual(deal(cells, count, costs))
    }))
  })

  test('a lab is paid for once in a shard, and again in another', () => {
    const [a, b, other] = [cell('a-10'), cell('b-20'), cell('c-30', 'load-balancer')]
    expect(loadOf([a, b], costs)).toBe(105 * SECOND)
    expect(loadOf([a, b, other], costs)).toBe(210 * SECOND)
    expect(makespanOf([[a], [b, other]], costs)).toBe(200 * SECOND)
    // sharing its lab ends sooner than making it twice
    expect(deal([a, b, other], 2, costs).map(shard => shard.map(({ id }) => id)).toSorted()).toEqual([['a-10', 'b-20'], ['c-30']])
  })
})

describe('the bound', () => {
  test('no way of dealing beats it, and the deal is at most a third above the best', () => {
    fc.assert(fc.property(anyCells({ minLength: 1, maxLength: 7 }), fc.integer({ min: 1, max: 3 }), (cells, count) => {
      const [bound, least, found] = [lowerBound(cells, count, costs), best(cells, count), makespanOf(deal(cells, count, costs), costs)]
      expect(bound).toBeLessThanOrEqual(least + 1e-6)
      expect(found).toBeGreaterThanOrEqual(least - 1e-6)
      expect(found).toBeLessThanOrEqual(least * 4 / 3 + 1e-6)
    }), { numRuns: 200 })
  })

  test('with many cells for each shard the last one ends at most a tenth above it', () => {
    fc.assert(fc.property(anyCells({ minLength: 150, maxLength: 300 }), fc.integer({ min: 1, max: 8 }), (cells, count) => {
      expect(makespanOf(deal(cells, count, costs), costs) / lowerBound(cells, count, costs)).toBeLessThanOrEqual(1.1)
    }), { numRuns: 60 })
  })

  test('dealing in turn, as cells come, does not hold it: the test can fail', () => {
    const cells = Array.from({ length: 160 }, (_, i) => cell(`${i}-${i % 8 === 0 ? 400 : 10}`, ['cluster', 'load-balancer', 'no-cluster'][i % 3]))
    const inTurn = Array.from({ length: 8 }, (_, shard) => cells.filter((_, i) => i % 8 === shard))
    expect(makespanOf(inTurn, costs) / lowerBound(cells, 8, costs)).toBeGreaterThan(1.1)
    expect(makespanOf(deal(cells, 8, costs), costs) / lowerBound(cells, 8, costs)).toBeLessThanOrEqual(1.1)
  })
})

test('the fewest shards within a time: one fewer takes longer', () => {
  fc.assert(fc.property(anyCells({ minLength: 1, maxLength: 40 }), fc.integer({ min: 8, max: 60 }), (cells, minutes) => {
    const limit = minutes * 60 * SECOND
    const count = shardsWithin(cells, limit, costs)!
    expect(makespanOf(deal(cells, count, costs), costs)).toBeLessThanOrEqual(limit)
    if (count > 1) expect(makespanOf(deal(cells, count - 1, costs), costs)).toBeGreaterThan(limit)
  }))
  expect(shardsWithin([cell('a-400')], 400 * SECOND, costs)).toBeUndefined()
  expect(shardsWithin([], SECOND, costs)).toBe(1)
})

describe('recorded durations', () => {
  const of = (runbook: string, target: string, seconds: number, extra = {}) => sampleResult({ runbook, target, durationMs: seconds * SECOND, ...extra })
  const known = recordedCosts([
    of('a', 'kind', 10), of('a', 'kind', 30), of('a', 'kind', 20), of('a', 'k3d', 90), of('b', 'kind', 60),
    of('b', 'kind', 1, { verdict: 'infrastructure-error' }), of('b', 'k3d', 1, { standIn: 'k3s' }),
  ])
  test.each([
    ['the median of a page on its target', 'a', 'kind', 20], ['another target has its own', 'a', 'k3d', 90],
    ['what is no verdict took no time', 'b', 'k3d', 60], ['a page that never ran', 'c', 'kind', 20],
  ])('%s', (_, id, target, seconds) => expect(known.cell({ ...cell(id), target })).toBe(seconds * SECOND))
  test('labs: machines are cheap, Cilium takes its start', () => {
    const [bare, flannel, cilium] = [cell('a', 'no-cluster'), cell('a', 'cluster', 'flannel'), cell('a', 'cluster', 'cilium')].map(known.lab)
    expect(bare).toBeLessThan(flannel!)
    expect(flannel).toBeLessThan(cilium!)
  })
  test('nothing recorded: every cell counts alike', () => expect(new Set(['a', 'b'].map(id => recordedCosts([]).cell(cell(id)))).size).toBe(1))
  test('median', () => expect([median([3]), median([3, 1]), median([9, 1, 5])]).toEqual([3, 1, 5]))
})

test('two cells of one lab share a key', () => expect(labKey(cell('a-1'))).toBe(labKey(cell('b-2'))))
