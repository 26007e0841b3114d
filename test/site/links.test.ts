import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { parse } from 'parse5'
import { GUIDES } from './guides.ts'
import { all, attribute, elements, readPage, readPages, type Page } from './html.ts'

const sites = inject('sites')

/** How many elements have each id, counted once for a page, to which many links lead. */
const counted = new Map<string, Map<string, number>>()
function timesOf(id: string, folder: string, path: string): number {
  const key = join(folder, path)
  const counts = counted.get(key) ?? new Map<string, number>()
  if (!counted.has(key)) {
    counted.set(key, counts)
    for (const element of elements(readPage(folder, path).root)) {
      const found = attribute(element, 'id')
      if (found !== undefined) counts.set(found, (counts.get(found) ?? 0) + 1)
    }
  }
  return counts.get(id) ?? 0
}

/** Links of a page that lead nowhere within the site: a page, file or anchor that is not there. */
function deadLinks(folder: string, { url, root }: Page): string[] {
  return all(root, ({ tagName }) => tagName === 'a').flatMap(link => attribute(link, 'href') ?? []).filter(href => {
    const target = new URL(href, `http://site${url}`)
    if (target.host !== 'site') return false
    const path = decodeURIComponent(target.pathname)
    if (!existsSync(join(folder, path.endsWith('/') ? `${path}index.html` : path))) return true
    if (target.hash === '' || !path.endsWith('/')) return false
    return timesOf(decodeURIComponent(target.hash.slice(1)), folder, path) !== 1
  })
}

/** Addresses of other hosts that a browser would ask for by itself. Links that a reader may follow are none. */
function foreignResources(html: Page['root']): string[] {
  const sources = [...elements(html)].flatMap(element => {
    // Of these a browser loads nothing: they tell where else to find the page.
    if (element.tagName === 'link' && ['canonical', 'alternate', 'sitemap'].includes(attribute(element, 'rel') ?? '')) return []
    const loads = element.tagName === 'link' ? ['href'] : ['src', 'srcset', 'data', 'poster', 'action', 'xlink:href', 'style']
    return loads.flatMap(name => attribute(element, name) ?? [])
  })
  const styles = all(html, ({ tagName }) => tagName === 'style').flatMap(style => style.childNodes.map(node => 'value' in node ? node.value : ''))
  return [...sources, ...styles].filter(text => /(?:^|[\s"'(,])(?:https?:)?\/\/[a-z0-9]/i.test(text))
}

const foreignInCss = (css: string): string[] => css.match(/(?:@import\s+(?:url\()?|url\()\s*["']?(?:https?:)?\/\/[^)"']+/g) ?? []

describe.each([
  { name: 'the fixture book', site: sites.fixture, guides: false },
  { name: 'the book', site: sites.real, guides: true },
])('$name', ({ site, guides }) => {
  test('has no dead link and no dead anchor', () => {
    const pages = readPages(site).filter(({ url }) => guides || !GUIDES.test(url))
    expect(pages.length).toBeGreaterThan(10)
    expect(pages.flatMap(page => deadLinks(site, page).map(href => `${page.url} -> ${href}`))).toEqual([])
  })

  test('has no id twice in a page', () => {
    for (const { url, root } of readPages(site)) {
      const ids = [...elements(root)].flatMap(element => attribute(element, 'id') ?? [])
      expect(ids.filter((id, index) => ids.indexOf(id) !== index), url).toEqual([])
    }
  })

  test('loads nothing from another host', () => {
    expect(readPages(site).flatMap(({ root }) => foreignResources(root))).toEqual([])
    const sheets = globSync('**/*.css', { cwd: site })
    expect(sheets.length).toBeGreaterThan(0)
    expect(sheets.flatMap(file => foreignInCss(readFileSync(join(site, file), 'utf8')))).toEqual([])
  })

  test('offers each script that it links to', () => {
    const scripts = globSync('scripts/**/*.mjs', { cwd: site })
    expect(scripts.length).toBeGreaterThan(0)
    for (const script of scripts) expect(readFileSync(join(site, script), 'utf8')).toMatch(/^#!\/usr\/bin\/env zx\n/)
  })
})

test('dead links and foreign resources would be found (control)', () => {
  const page = { url: '/status/', root: parse('<a href="/nowhere/">x</a><a href="/safety/#nothing">x</a><a href="/safety/">x</a>') }
  expect(deadLinks(sites.real, page)).toEqual(['/nowhere/', '/safety/#nothing'])
  for (const html of [
    '<link rel="stylesheet" href="https://fonts.example/x.css">', '<img src="//cdn.example/x.png">', '<script src="https://cdn.example/x.js"></script>',
    '<style>@import url("https://fonts.example/x")</style>', '<p style="background:url(https://x.example/y)">',
  ]) expect(foreignResources(parse(html)), html).toHaveLength(1)
  expect(foreignResources(parse('<a href="https://example.org">x</a><img src="/x.png">'))).toEqual([])
  expect(foreignInCss('@import url("https://a.example/x"); a { background: url(//b.example/y) url(/ok.png) }')).toHaveLength(2)
})
