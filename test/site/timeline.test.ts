/** The traffic of a verification on its page: a picture with words, and the same as a table. */
import { describe, expect, inject, test } from 'vitest'
import { all, attribute, hasClass, one, readPage, squeezed, textOf } from './html.ts'

const { fixture } = inject('sites')
const page = readPage(fixture, '/haproxy/second-address/')

describe('a page whose traffic was measured', () => {
  const picture = one(page.root, element => hasClass(element, 'timeline'))

  test('has a picture whose title and description are there', () => {
    expect(attribute(picture, 'role')).toBe('img')
    const ids = attribute(picture, 'aria-labelledby')!.split(' ')
    const [title, desc] = ids.map(id => squeezed(textOf(one(page.root, element => attribute(element, 'id') === id))))
    expect(title).toBe('1 of 2 flows lost nothing in 1 min; pod-to-pod-across-nodes from s1 was down the longest, 3.0 s')
    expect(desc).toContain('http from client: nothing lost.')
  })

  test('has a row a flow in the table, with its budget and the step at which it was lost', () => {
    const row = one(page.root, element => element.tagName === 'tr' && /pod-to-pod-across-nodes/.test(textOf(element)))
    expect(squeezed(textOf(row))).toBe('pod-to-pod-across-nodes from s1 1180, 40 3.0 s, 0at most 5s each way 3.0 s from step declare')
  })

  test('links each block of the picture', () => {
    const table = all(page.root, element => element.tagName === 'table' && /Began after/.test(textOf(element)))
    expect(table).toHaveLength(1)
    expect(all(table[0]!, ({ tagName }) => tagName === 'a').map(link => attribute(link, 'href'))).toContain('#step-declare')
  })
})

test('a page whose traffic was not measured says nothing of it', () => {
  expect(all(readPage(fixture, '/haproxy/flaky/').root, element => hasClass(element, 'timeline'))).toEqual([])
})
