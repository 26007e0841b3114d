import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, inject, test } from 'vitest'
import { headOf } from '../../src/site/head.ts'
import { plainBody } from '../../src/site/plain/page.ts'
import { FIXTURE_BOOK, FIXTURE_SITE } from './build.ts'
import { GUIDES } from './guides.ts'
import { defaultsIn, fencesOf, filled } from './fences.ts'
import { all, attribute, readPages } from './html.ts'

const { fixture, real } = inject('sites')

/** Pages of the site that are written by hand, not reports of runs. */
const pagesIn = (site: string): string[] => readPages(site).map(({ url }) => url).filter(url => url.endsWith('/') && !url.startsWith('/reports/'))
const markdownOf = (site: string, url: string): string => readFileSync(join(site, url === '/' ? 'index.md' : `${url.slice(1, -1)}.md`), 'utf8')

describe.each([
  { name: 'the fixture book', site: fixture, book: FIXTURE_BOOK, home: `${FIXTURE_SITE}/`, guides: false },
  { name: 'the book', site: real, book: 'runbooks', home: '/', guides: true },
])('$name', ({ site, book, home, guides }) => {
  test('each page is there as Markdown, and says so in its head', () => {
    const pages = pagesIn(site)
    expect(pages.length).toBeGreaterThan(10)
    for (const { url, root } of readPages(site).filter(({ url }) => pages.includes(url))) {
      const [link, ...more] = all(root, element => element.tagName === 'link' && attribute(element, 'type') === 'text/markdown')
      expect(more, url).toEqual([])
      expect(attribute(link!, 'href'), url).toBe(`${home}${url === '/' ? 'index' : url.slice(1, -1)}.md`)
      const text = markdownOf(site, url)
      expect(text, url).toMatch(/^# \S/)
      expect(text.replace(/^(`{3,})[^\n]*\n[\s\S]*?^\1$/gm, ''), url).not.toMatch(/^(?:import .* from|<[A-Z]\w+ .*\/>)/m)
    }
  })

  test('each fence of a runbook is in its Markdown byte for byte, with the values that were proven', () => {
    const fences = fencesOf(book)
    expect(fences.length).toBeGreaterThan(20)
    for (const fence of fences) {
      const expected = filled(fence.text, defaultsIn(book, fence.page))
      expect(markdownOf(site, `/${fence.page}/`).includes(expected), `${fence.page}:${fence.line}`).toBe(true)
    }
  })

  test('llms.txt leads to every page, and to nothing that is not there', () => {
    const text = readFileSync(join(site, 'llms.txt'), 'utf8')
    expect(text).toMatch(/^# Proofbook\n\n> /)
    const links = [...text.matchAll(/^- \[[^\]]+\]\(([^)]+)\)/gm)].map(([, href]) => href!)
    for (const href of links) {
      expect(href.startsWith(home), href).toBe(true)
      expect(existsSync(join(site, href.slice(home.length))), href).toBe(true)
    }
    const markdown = globSync('**/*.md', { cwd: site }).sort()
    expect(links.filter(href => href.endsWith('.md')).map(href => href.slice(home.length)).sort()).toEqual(markdown)
  })

  test('a link between Markdown pages leads somewhere', () => {
    const dead = globSync('**/*.md', { cwd: site }).filter(file => guides || !GUIDES.test(file)).flatMap((file) => {
      const text = readFileSync(join(site, file), 'utf8').replace(/^(`{3,})[^\n]*\n[\s\S]*?^\1$/gm, '').replace(/`[^`\n]+`/g, '')
      return [...text.matchAll(/\]\(([^)\s]+?\.md)(?:#[^)\s]*)?\)/g)].map(([, href]) => href!).filter((href) => {
        const path = href.startsWith(home) ? href.slice(home.length) : new URL(href, `http://x/${file}`).pathname.slice(1)
        return !existsSync(join(site, path))
      }).map(href => `${file}: ${href}`)
    })
    expect(dead).toEqual([])
  })
})

test('where the site says where it is: canonical, card, sitemap and robots, all with that address', () => {
  const page = readPages(fixture).find(({ url }) => url === '/haproxy/failed/')!
  const link = (rel: string) => all(page.root, element => element.tagName === 'link' && attribute(element, 'rel') === rel).map(element => attribute(element, 'href'))
  const meta = (property: string) => all(page.root, element => attribute(element, 'property') === property).map(element => attribute(element, 'content'))
  expect(link('canonical')).toEqual([`${FIXTURE_SITE}/haproxy/failed/`])
  expect(meta('og:image')).toEqual([`${FIXTURE_SITE}/social.png`])
  expect(meta('og:title')).toEqual(['A page that failed'])
  expect(meta('og:description')).toHaveLength(1)
  // Width and height of a PNG: bytes 16 to 23 (PNG specification, IHDR).
  const png = readFileSync(join(fixture, 'social.png'))
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1200, 630])
  expect(readFileSync(join(fixture, 'robots.txt'), 'utf8')).toContain(`Sitemap: ${FIXTURE_SITE}/sitemap-index.xml`)
  const sitemap = readFileSync(join(fixture, 'sitemap-0.xml'), 'utf8')
  for (const url of pagesIn(fixture)) expect(sitemap, url).toContain(`<loc>${FIXTURE_SITE}${url}</loc>`)
})

test('where it does not, nothing pretends to', () => {
  expect(headOf('a/b', '/', false).map(({ attrs }) => attrs.property)).not.toContain('og:image')
  expect(readFileSync(join(real, 'robots.txt'), 'utf8')).not.toContain('Sitemap')
  expect(existsSync(join(real, 'sitemap-index.xml'))).toBe(false)
})

test('each page of the book has a link to its source, which is there', () => {
  const pages = pagesIn(real)
  for (const { url, root } of readPages(real).filter(({ url }) => pages.includes(url))) {
    const links = all(root, ({ tagName }) => tagName === 'a').map(link => attribute(link, 'href') ?? '').filter(href => href.includes('/edit/main/'))
    if (url === '/') continue
    expect(links, url).toHaveLength(1)
    expect(existsSync(links[0]!.split('/edit/main/')[1]!), links[0]).toBe(true)
  }
})

describe('plain text of a page', () => {
  test('a fence is left alone, whatever it holds', () => {
    const lines = fc.constantFrom('import x from \'y\'', '<Figures />', '[a](/safety/)', '  ```', '~~~', 'text', '', '{{vip}}', '# x', '</Figures>')
    fc.assert(fc.property(fc.array(lines), (inside) => {
      const fence = `\`\`\`\`bash step=x\n${inside.join('\n')}\n\`\`\`\``
      expect(plainBody(`a\n${fence}\nb`, { home: '/' })).toBe(`a\n${fence}\nb\n`.replace(/\n{3,}/g, '\n\n'))
    }))
  })

  test('links become those of the Markdown pages, all others stay', () => {
    const out = plainBody('[a](/safety/#x) [b](/) [c](./flannel.mdx#y) [d](../haproxy/z.mdx) [e](https://x.example/a.mdx) [f](#here) [g](/status.json) [h](//x.example/) `[i](./j.mdx)`', { home: '/book/' })
    expect(out).toBe('[a](/book/safety.md#x) [b](/book/index.md) [c](./flannel.md#y) [d](../haproxy/z.md) [e](https://x.example/a.mdx) [f](#here) [g](/book/status.json) [h](//x.example/) `[i](./j.mdx)`\n')
  })

  test('components become what stands for them, or nothing', () => {
    expect(plainBody("import A from './a.astro'\n\n<A />\n\n<B x={1} />\n\nend", { home: '/', components: { A: 'text of A' } })).toBe('text of A\n\nend\n')
  })
})
