/** The pages that collect what stands elsewhere: nothing is lost on the way, and nothing is told twice. */
import { readFileSync } from 'node:fs'
import { describe, expect, inject, test } from 'vitest'
import { allRunbooks } from '../../src/site/book.ts'
import { glossary } from '../../src/site/glossary.ts'
import { troublesOf } from '../../src/site/troubles.ts'
import { all, attribute, hasClass, one, readPage, squeezed, textOf } from './html.ts'

const { real } = inject('sites')

describe('troubleshooting', () => {
  const rows = all(readPage(real, '/troubleshooting/').root, element => hasClass(element, 'troubles'))
    .flatMap(table => all(table, ({ tagName }) => tagName === 'tr').slice(1))

  test('has every row of every runbook once, with a link to its section', () => {
    const expected = allRunbooks().flatMap(runbook => troublesOf(runbook))
    expect(rows.length).toBe(expected.length)
    for (const { runbook, text } of expected.filter(({ text }) => !text.includes('{{'))) {
      const found = rows.filter(row => squeezed(textOf(all(row, ({ tagName }) => tagName === 'td')[0]!)) === squeezed(text)
        && all(row, element => attribute(element, 'href') === `/${runbook}/#when-it-fails`).length > 0)
      expect(found.length, `${runbook}: ${text}`).toBe(1)
    }
  })

  test('shows an error as the program prints it', () => {
    expect(rows.map(row => squeezed(textOf(row))).some(text => text.startsWith('link has incompatible addresses'))).toBe(true)
  })
})

test('a decision is a picture, the same as a table, and a list of links to runbooks', () => {
  for (const url of ['/choose/cni/', '/choose/load-balancer/']) {
    const { root } = readPage(real, url)
    const figure = one(root, element => hasClass(element, 'diagram'))
    expect(all(figure, ({ tagName }) => tagName === 'svg').length, url).toBe(2)
    expect(all(figure, ({ tagName }) => tagName === 'tr').length, url).toBeGreaterThan(8)
    const answers = all(figure, ({ tagName }) => tagName === 'tr').slice(1).map(row => squeezed(textOf(all(row, ({ tagName }) => tagName === 'td')[1]!)))
    const questions = all(figure, ({ tagName }) => tagName === 'tr').slice(1).map(row => squeezed(textOf(all(row, ({ tagName }) => tagName === 'td')[0]!)))
    const ends = answers.filter(answer => !questions.includes(answer))
    const table = all(root, ({ tagName }) => tagName === 'table').find(each => squeezed(textOf(each)).startsWith('You end at'))!
    for (const end of ends) expect(textOf(table), `${url}: ${end}`).toContain(end)
  }
})

test('the ports that a runbook opens are among the ports of the reference', () => {
  const page = readFileSync('src/content/docs/reference/ports.mdx', 'utf8')
  const opened = [...readFileSync('runbooks/haproxy/firewall.mdx', 'utf8').matchAll(/from \$node to any port ([\d,]+)/g)].flatMap(([, list]) => list!.split(','))
  expect(opened.length).toBeGreaterThan(3)
  for (const port of opened) expect(page).toMatch(new RegExp(`^\\| [^|]*\\b${port}\\b`, 'm'))
  expect(page).not.toMatch(/^\| [^|]*\b4443\b/m)
})

test('every term has a place of its own', () => {
  const ids = all(readPage(real, '/reference/glossary/').root, ({ tagName }) => tagName === 'dt').map(term => attribute(term, 'id'))
  expect(ids).toEqual(glossary().map(({ id }) => id))
})
