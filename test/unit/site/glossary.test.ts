import { expect, test } from 'vitest'
import { glossary, tipIn } from '../../../src/site/glossary.ts'

test('terms are there once, in the order of the alphabet, as sentences', () => {
  const terms = glossary()
  expect(terms.length).toBeGreaterThan(30)
  const names = terms.map(({ term }) => term)
  expect(names).toEqual([...names].sort((one, other) => one.localeCompare(other, 'en', { sensitivity: 'base' })))
  expect(new Set(terms.map(({ id }) => id)).size).toBe(terms.length)
  for (const { means } of terms) expect(means).toMatch(/^(?:[A-Z]|k3s).*\.$/)
})

test('names are told on pages, in the plural too and once; everyday words and parts of other words are not', () => {
  expect(tipIn('Two NodePorts of a step', new Set())).toMatchObject({ term: { term: 'NodePort' }, at: 4, length: 9 })
  expect(tipIn('A CNI, then a VIP', new Set(['term-cni']))?.term.term).toBe('VIP')
  for (const text of ['a check of the server, a step and an alias', 'see /CNI/x', 'my-VIP', 'VIPER', '']) expect(tipIn(text, new Set()), text).toBeUndefined()
})
