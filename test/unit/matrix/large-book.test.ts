/** The simulation of a large night: its bound holds for other books too, and it notices when it does not. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { largeBook, nightOf, randomOf, type Sample } from '../../../scripts/bench/large-book.ts'

const MINUTE = 60_000
const lab = ({ topology }: { readonly topology: string }): number => topology === 'no-cluster' ? 15_000 : 75_000
const terms = { limit: 60 * MINUTE, start: 4 * MINUTE, price: 0.006 }
const anySamples: fc.Arbitrary<Sample[]> = fc.array(fc.record({
  topology: fc.constantFrom('no-cluster', 'cluster', 'load-balancer'), cni: fc.constant('any'), ms: fc.integer({ min: 10_000, max: 6 * MINUTE }),
}), { minLength: 1, maxLength: 20 })

test('a hundred pages on twelve labs each fit in an hour, at most a tenth above the lower bound', () => {
  fc.assert(fc.property(anySamples, fc.integer(), (samples, seed) => {
    const night = nightOf(largeBook(samples, 100, lab, randomOf(seed)), terms, () => 1)
    expect(night.cells).toBe(1200)
    expect(night.makespan).toBeLessThanOrEqual(terms.limit)
    expect(night.makespan / night.bound).toBeLessThanOrEqual(1.1)
    expect(night.jittered.makespan).toBe(night.makespan)
    expect(night.dollars).toBeGreaterThanOrEqual(night.runners * 0.006 * 4)
  }), { numRuns: 20 })
}, 120_000)

test('other times than the recorded ones show, and a cell that is too long is refused', () => {
  const book = largeBook([{ topology: 'cluster', cni: 'any', ms: 5 * MINUTE }], 20, lab, randomOf(1))
  const night = nightOf(book, terms, ({ id }) => id === 'page-0000' ? 4 : 1)
  expect(night.jittered.makespan).toBeGreaterThan(night.makespan)
  expect(() => nightOf(largeBook([{ topology: 'cluster', cni: 'any', ms: 56 * MINUTE }], 1, lab, randomOf(1)), terms, () => 1)).toThrow('a cell that takes longer than 56 minutes')
})

test('chance is the same on every machine', () => {
  const random = randomOf(1)
  expect(Array.from({ length: 3 }, random)).toEqual([0.23645552527159452, 0.3692706737201661, 0.5042420323006809])
})
