/** The guide to choose a CNI shows what was measured, and nothing where nothing was. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { readCniBench } from '../../src/report/cni-bench.ts'
import { circumstances, columns, LIMITS, tablesOf } from '../../src/site/measured/cni.ts'
import { sampleBench } from '../unit/bench/sample.ts'
import { MEASURED } from './build.ts'
import { all, attribute, hasClass, one, readPage, squeezed, textOf } from './html.ts'

const { fixture, real } = inject('sites')
const guide = (site: string) => readPage(site, '/choose/cni/').root
const tables = (site: string) => all(guide(site), element => hasClass(element, 'measured'))

describe('with a measurement', () => {
  const expected = tablesOf(sampleBench())

  test('every figure of the file is on the page, below the network that it is of', () => {
    const shown = tables(fixture).map(table => ({
      title: textOf(one(table, ({ tagName }) => tagName === 'caption')),
      rows: all(one(table, ({ tagName }) => tagName === 'tbody'), ({ tagName }) => tagName === 'tr').map(row =>
        all(row, ({ tagName }) => tagName === 'td').slice(1).map(cell => [attribute(cell, 'data-label'), squeezed(textOf(cell)).split(' to ')[0]!.split(' ').slice(0, 2).join(' ')])),
    }))
    expect(shown.map(({ title }) => title)).toEqual(expected.map(({ title }) => title))
    expect(shown.flatMap(({ rows }) => rows)).toEqual(expected.flatMap(({ rows }) => rows).map(({ cells }) =>
      cells.map((cell, index) => [columns[index], cell === undefined ? 'none' : expect.stringContaining(cell.value.split(' ')[0]!) as string])))
  })

  test('it says when, on what and with which versions, and what it does not tell', () => {
    const text = squeezed(textOf(guide(fixture)))
    for (const sentence of [...circumstances(sampleBench()), ...LIMITS]) expect(text).toContain(squeezed(sentence))
    expect(text).toContain('20 Nov 2026')
    expect(text).not.toContain('Not measured')
  })

  test('the Markdown of the page has the same tables', () => {
    const text = readFileSync(join(fixture, 'choose/cni.md'), 'utf8')
    for (const { title } of expected) expect(text).toContain(`| ${title} | ${columns.join(' | ')} |`)
    expect(text).toContain('| 10.50 Gbit/s (10.00 to 11.00 Gbit/s) = 0.50 of host to host |')
  })
})

test('the book shows what was recorded, or that nothing was', async () => {
  const read = await readCniBench(MEASURED)
  const text = squeezed(textOf(guide(real)))
  const markdown = readFileSync(join(real, 'choose/cni.md'), 'utf8')
  if ('missing' in read) {
    expect(tables(real)).toEqual([])
    expect(text).toContain(`Not measured: ${read.missing}.`)
    expect(markdown).toContain(`**Not measured**: ${read.missing}.`)
  } else {
    expect(tables(real).length).toBe(tablesOf(read.bench).length)
    for (const sentence of circumstances(read.bench)) expect(text).toContain(squeezed(sentence))
    // A file that no reader takes would be worse than none.
    expect(markdown).not.toContain('Not measured')
  }
})
