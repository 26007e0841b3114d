/** The policy of each built page, read with the HTML standard's own rules, which the code under test does not use. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'parse5'
import { describe, expect, inject, test } from 'vitest'
import { hashSource, policyOf, withPolicy } from '../../src/site/security/policy.ts'
import { all, attribute, elements, one, readPages, textOf, type Page } from './html.ts'

const sites = inject('sites')

const directives = (policy: string): Map<string, string[]> =>
  new Map(policy.split(';').map((part) => {
    const [name = '', ...sources] = part.trim().split(/\s+/)
    return [name, sources]
  }))

const policyIn = (root: Page['root']): Map<string, string[]> =>
  directives(attribute(one(root, element => element.tagName === 'meta' && attribute(element, 'http-equiv') === 'content-security-policy'), 'content')!)

/** What a page holds that its own policy would not let run or apply. */
function refused(root: Page['root'], policy: Map<string, string[]>): string[] {
  const missing = (directive: string, text: string): string[] => policy.get(directive)?.includes(hashSource(text)) ? [] : [`${directive}: ${text.slice(0, 60)}`]
  return [...elements(root)].flatMap((element) => [
    ...element.tagName === 'script' && attribute(element, 'src') === undefined ? missing('script-src', textOf(element)) : [],
    ...element.tagName === 'style' ? missing('style-src', textOf(element)) : [],
    ...(style => style === undefined ? [] : missing('style-src', style))(attribute(element, 'style')),
    ...element.attrs.filter(({ name }) => /^on/.test(name)).map(({ name }) => `handler ${name}`),
  ])
}

describe.each([
  { name: 'the fixture book', site: sites.fixture },
  { name: 'the book', site: sites.real },
])('$name', ({ site }) => {
  test('each page has one policy, before anything that it governs, and lives by it', () => {
    const pages = readPages(site)
    expect(pages.length).toBeGreaterThan(10)
    for (const { url, root } of pages) {
      const policy = policyIn(root)
      expect(refused(root, policy), url).toEqual([])
      const [first] = all(root, ({ tagName, attrs }) => ['script', 'style', 'link'].includes(tagName) || attrs.some(({ name }) => name === 'http-equiv'))
      expect(first?.tagName, url).toBe('meta')
    }
  })

  test('no policy lets through what it does not know', () => {
    for (const { url, root } of readPages(site)) {
      const policy = policyIn(root)
      expect(policy.get('default-src'), url).toEqual(["'none'"])
      expect(policy.get('base-uri'), url).toEqual(["'none'"])
      for (const sources of policy.values()) {
        expect(sources.filter(source => !/^'(?:none|self|wasm-unsafe-eval|unsafe-hashes|sha256-[A-Za-z0-9+/]{43}=)'$/.test(source) && source !== 'data:'), url).toEqual([])
      }
    }
  })
})

test('a byte that changed after the policy was made is refused (control)', () => {
  const html = readFileSync(join(sites.real, 'safety/index.html'), 'utf8')
  expect(refused(parse(html.replace(/<script>/, '<script>alert(1);')), policyIn(parse(html)))).toHaveLength(1)
  expect(refused(parse(html.replace('<main', '<main style="color:red" onclick="x()"')), policyIn(parse(html)))).toHaveLength(2)
})

test('what is inline is found in whatever form it stands, and nothing else is', () => {
  const html = `<meta charset="utf-8"><script>a < b && '>'</script><script src="/x.js"></script><script type="module" data-a="> src=">b()</script>
    <style>p { color: red }</style><p title='<i style="no">' style='--a: &quot;x&quot;;--b:&#39;y&#39;'>x</p><!-- <script>never()</script> --><code>&lt;b style="shown"></code>`
  const policy = directives(policyOf(html))
  expect(policy.get('script-src')).toEqual(["'self'", "'wasm-unsafe-eval'", hashSource("a < b && '>'"), hashSource('b()')])
  expect(policy.get('style-src')).toEqual(["'self'", "'unsafe-hashes'", hashSource('p { color: red }'), hashSource(`--a: "x";--b:'y'`)])
})

test('a page without a charset is refused, not left without a policy', () => {
  expect(() => withPolicy('<html><script>x()</script></html>')).toThrow(/without <meta charset="utf-8">/)
})
