import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { afterAll, describe, expect, test } from 'vitest'
import { allRunbooks, findRunbook } from '../../../src/site/book.ts'
import { hrefFrom, inlineHtml } from '../../../src/site/inline-html.ts'
import { isMessage, saysWhatFails, troublesOf } from '../../../src/site/troubles.ts'

const folder = mkdtempSync(join(tmpdir(), 'proofbook-troubles-'))
afterAll(() => { rmSync(folder, { recursive: true }) })

function page(text: string) {
  const path = join(folder, `${Math.random().toString(36).slice(2)}.mdx`)
  writeFileSync(path, text)
  return { ...findRunbook('haproxy/operate')!, path }
}

const table = `## When it fails

| You see | It means | Do this |
|---|---|---|
| \`link has incompatible addresses\` at {{lb}} | An <old> *link* | [Step 1](#1-one), or [flannel](../cni/flannel.mdx#3-links) |
| 408 in the log | \`{{lb}}\` waits | |

## Undo

| You see | It means | Do this |
|---|---|---|
| Not this one | x | y |
`

describe('the rows of a page', () => {
  test('are those below "When it fails", with values, code, links and nothing that HTML would run', () => {
    const [first, second, ...others] = troublesOf(page(table.replace('<old>', '\\<old>').replace('at {{lb}}', '')), '/book')
    expect(others).toEqual([])
    expect(first!.cells[1]).toBe('An &lt;old&gt; <em>link</em>')
    expect(first!.cells[2]).toBe('<a href="/book/haproxy/operate/#1-one">Step 1</a>, or <a href="/book/cni/flannel/#3-links">flannel</a>')
    expect(first!.messages).toEqual(['link has incompatible addresses'])
    expect(second!.messages).toEqual([])
    expect(second!.cells).toEqual(['408 in the log', '<code>192.168.0.46</code> waits', ''])
  })

  test('a page without the section has none, and one with another table has no rows', () => {
    expect(saysWhatFails(page('## Undo\n\ntext\n'))).toBe(false)
    const other = page('## When it fails\n\n| pg_isready | At once |\n|---|---|\n| 0 | fine |\n')
    expect(saysWhatFails(other)).toBe(true)
    expect(troublesOf(other)).toEqual([])
  })

  test('of the book: every page says what fails, and most say it as rows', () => {
    const books = allRunbooks()
    expect(books.filter(runbook => !saysWhatFails(runbook)).map(({ id }) => id)).toEqual([])
    expect(books.flatMap(runbook => troublesOf(runbook)).length).toBeGreaterThan(60)
  })
})

test.each([
  ['link has incompatible addresses', true], ['L4TOUT', true], ['failed to find plugin "flannel"', true], ['open /run/flannel/subnet.env: no such file', true],
  ['arping -D', false], ['externalTrafficPolicy: Cluster', false], ['reload', false], ['every-flow-stops', false],
])('%s is a message: %s', (code, message) => {
  expect(isMessage(code)).toBe(message)
})

test.each([
  ['./flannel.mdx', '/cni/flannel/'], ['../haproxy/operate.mdx#3', '/haproxy/operate/#3'], ['/safety/', '/safety/'], ['https://docs.k3s.io/a.md', 'https://docs.k3s.io/a.md'], ['#here', '/cni/know-your-cni/#here'],
])('a link to %s leads to %s', (url, href) => {
  expect(hrefFrom(url, { id: 'cni/know-your-cni', base: '' })).toBe(href)
})

test('markup that a cell may not have stays text', () => {
  expect(inlineHtml({ type: 'html', value: '<script>', position: undefined as never }, { id: 'a/b', base: '', code: text => text })).toBe('&lt;script&gt;')
})
