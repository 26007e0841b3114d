import { expect, test } from 'vitest'
import { glossary } from '../../../src/site/glossary.ts'

test('terms are there once, in the order of the alphabet, as sentences', () => {
  const terms = glossary()
  expect(terms.length).toBeGreaterThan(30)
  const names = terms.map(({ term }) => term)
  expect(names).toEqual([...names].sort((one, other) => one.localeCompare(other, 'en', { sensitivity: 'base' })))
  expect(new Set(terms.map(({ id }) => id)).size).toBe(terms.length)
  for (const { means } of terms) expect(means).toMatch(/^(?:[A-Z]|k3s).*\.$/)
})
