import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { renderDiagram } from '../../src/site/diagram/render.ts'
import { hostColours, hostSheet } from '../../src/site/hosts.ts'
import { FIXTURE_BOOK } from './build.ts'
import { fencesOf } from './fences.ts'
import { all, attribute, hasClass, one, readPage, textOf } from './html.ts'

const sites = inject('sites')

describe.each([
  { name: 'the fixture book', book: FIXTURE_BOOK, site: sites.fixture },
  { name: 'the book', book: 'runbooks', site: sites.real },
])('$name', ({ book, site }) => {
  const diagrams = fencesOf(book).filter(({ info }) => info.trim() === 'mermaid')

  test('draws each diagram, with a title and a description', () => {
    expect(diagrams.length).toBeGreaterThan(0)
    for (const { page, line } of diagrams) {
      const figure = one(readPage(site, `/${page}/`).root, element => attribute(element, 'data-diagram') === String(line))
      const pictures = all(figure, ({ tagName }) => tagName === 'svg')
      expect(pictures).toHaveLength(2)
      for (const picture of pictures) {
        expect(attribute(picture, 'role')).toBe('img')
        const named = attribute(picture, 'aria-labelledby')!.split(' ')
          .map(id => textOf(one(picture, element => attribute(element, 'id') === id)))
        expect(named.every(text => text.length > 5), `${page}:${line}`).toBe(true)
      }
    }
  })
})

test('values are filled in and can be found again', () => {
  const { root } = readPage(sites.fixture, '/haproxy/second-address/')
  const values = all(root, element => element.tagName === 'tspan' && attribute(element, 'data-var') === 'vip').map(textOf)
  expect(values.length).toBeGreaterThanOrEqual(4)
  expect(new Set(values)).toEqual(new Set(['192.168.0.45']))
})

test('a host has the colour of its chip: both name it, and the sheet has its colours', () => {
  const { root } = readPage(sites.fixture, '/haproxy/second-address/')
  const named = (host: string, kind: string) => all(root, element => attribute(element, 'data-host') === host && hasClass(element, kind))
  for (const kind of ['host', 'node', 'block']) expect(named('lb', kind).length, kind).toBeGreaterThan(0)
  expect(named('servers', 'host').map(textOf)).toContain('on servers')
  const sheets = globSync('_astro/*.css', { cwd: sites.fixture }).map(file => readFileSync(join(sites.fixture, file), 'utf8')).join('\n')
  for (const host of ['lb', 'servers']) expect(sheets, host).toMatch(new RegExp(`\\[data-host=["']?${host}["']?\\]\\s*\\{\\s*--host:`))
})

test('a diagram without accTitle is described by its edges', async () => {
  const diagram = await renderDiagram('flowchart LR\n  a[One] -->|"80"| b[Two]\n', { id: 'x', values: {}, title: 'Hosts' })
  expect(diagram.description).toBe('One to Two: 80')
  expect(diagram.wide).toContain('<title id="x-wide-title">Hosts</title>')
})

test('labels cannot bring markup into the page', async () => {
  const { wide } = await renderDiagram('flowchart LR\n  a["<script>alert(1)</script>"] --> b["x & y"]\n', { id: 'x', values: {}, title: '<b>' })
  expect(wide).not.toContain('<script')
  expect(wide).not.toContain('<b>')
})

test('text that is no diagram is refused (control)', async () => {
  await expect(renderDiagram('nonsense {', { id: 'x', values: {}, title: 'x' })).rejects.toThrow()
})

/** WCAG contrast of two colours, `#rgb` or `#rrggbb`. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const hex = colour.length === 4 ? [...colour.slice(1)].map(digit => digit + digit) : colour.slice(1).match(/../g)!
    const [red, green, blue] = hex.map(part => Number.parseInt(part, 16) / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
  }
  const [bright, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (bright! + 0.05) / (dark! + 0.05)
}

test('names of hosts are readable on their colours', () => {
  expect(contrast('#000', '#fff')).toBeCloseTo(21)
  expect(contrast('#777', '#fff')).toBeLessThan(4.5)
  for (const { fill, text } of hostColours) expect(contrast(fill, text), fill).toBeGreaterThanOrEqual(4.5)
})

test('the sheet gives each host its colours', () => {
  expect(readFileSync('src/styles/hosts.css', 'utf8')).toBe(hostSheet())
})
