import { expect, test } from 'vitest'
import { chosenRunbooks } from '../../../src/cli/chosen.ts'

test('a chapter stands for all of its pages, each once, and names none of them', async () => {
  const { ids, named } = await chosenRunbooks(['haproxy', 'cni/flannel'])
  expect(ids).toEqual(expect.arrayContaining(['haproxy/virtual-ip', 'haproxy/operate', 'cni/flannel']))
  expect(ids.filter(id => !id.startsWith('haproxy/'))).toEqual(['cni/flannel'])
  expect(named).toBe(false)
  expect((await chosenRunbooks(['haproxy/', 'haproxy/operate'])).ids.filter(id => id === 'haproxy/operate')).toHaveLength(1)
})

test('a page is itself, the whole book is meant by nothing, and what is not known is left to whoever opens it', async () => {
  expect(await chosenRunbooks(['haproxy/operate'])).toEqual({ ids: ['haproxy/operate'], pages: [{ id: 'haproxy/operate', path: expect.stringMatching(/haproxy\/operate\.mdx$/) }], named: true })
  expect(await chosenRunbooks(['haprox'])).toEqual({ ids: ['haprox'], pages: [], named: true })
  const book = await chosenRunbooks([])
  expect(book.named).toBe(false)
  expect(new Set(book.ids.map(id => id.split('/')[0]))).toEqual(new Set(['nodes', 'haproxy', 'cni', 'policy', 'services', 'troubleshooting']))
})
