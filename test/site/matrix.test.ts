import { expect, inject, test } from 'vitest'
import { all, attribute, one, readPage, textOf } from './html.ts'

const { root } = readPage(inject('sites').fixture, '/haproxy/flaky/')
const isMatrix = (element: Parameters<typeof attribute>[0]): boolean => attribute(element, 'class') === 'matrix'

test('a matrix that a block printed is drawn at the block, a box a cell and a ring where it differs', () => {
  const figure = one(root, isMatrix)
  const titles = all(figure, ({ tagName }) => tagName === 'title').map(textOf)
  expect(titles.slice(1)).toEqual([
    'shop/web -> shop/api:8080: allow, the server answered', 'shop/web -> shop/api:9090: drop, no answer in time: packets vanish',
    'far/guest -> shop/api:8080: allow, the server answered; not as expected', 'far/guest -> shop/api:9090: drop, no answer in time: packets vanish',
  ])
  expect(all(figure, element => attribute(element, 'stroke') === '#e03131')).toHaveLength(1)
  expect(attribute(one(figure, ({ tagName }) => tagName === 'svg'), 'role')).toBe('img')
})

test('no other block has one', () => {
  expect(all(readPage(inject('sites').fixture, '/haproxy/second-address/').root, isMatrix)).toEqual([])
})
