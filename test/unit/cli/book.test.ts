import { expect, test } from 'vitest'
import { checkedPages } from '../../../src/cli/book.ts'

const checked = async (...words: string[]): Promise<string[]> => (await checkedPages(words, () => {})).map(({ path }) => path)

test('a chapter, a folder, an id and a file are the pages that they name, each once', async () => {
  const chapter = await checked('nodes')
  expect(chapter).toEqual([expect.stringMatching(/^runbooks\/nodes\/[^/]+\.mdx$/)])
  expect(await checked('nodes/', 'runbooks/nodes', chapter[0]!)).toEqual(chapter)
  expect(await checked('haproxy/operate')).toEqual(['runbooks/haproxy/operate.mdx'])
})

test('a name that is no page says which are near', async () => {
  await expect(checked('haproxy/operat')).rejects.toThrow('Did you mean "haproxy/operate"')
})
