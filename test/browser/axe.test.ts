/** axe-core's rules (WCAG 2 A to AAA where automatic, best practices) on one page of each type, in both themes. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, inject, test } from 'vitest'
import type { Page } from 'playwright-core'
import { read, serve } from './open.ts'

const sites = inject('sites')
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation { readonly id: string, readonly nodes: readonly { readonly target: readonly string[], readonly failureSummary: string }[] }
declare const axe: { run: (context: unknown, options: unknown) => Promise<{ violations: Violation[], passes: unknown[] }> }

/** What axe finds, one line a place: `color-contrast: main > p: ...`. Run by the debugger, so the page's policy does not forbid it. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const { found, passed } = await page.evaluate(async () => {
    const { violations, passes } = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'],
    })
    return { found: violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`)), passed: passes.length }
  })
  expect(passed).toBeGreaterThan(10)
  return found
}

const pages = [
  { what: 'home', site: sites.real, url: '/' },
  { what: 'a guide', site: sites.real, url: '/choose/cni/' },
  { what: 'the index of troubles', site: sites.real, url: '/troubleshooting/' },
  { what: 'the ports', site: sites.real, url: '/reference/ports/' },
  { what: 'the glossary', site: sites.real, url: '/reference/glossary/' },
  { what: 'status', site: sites.real, url: '/status/' },
  { what: 'commands', site: sites.real, url: '/write/commands/' },
  { what: 'a page that is not there', site: sites.real, url: '/404.html' },
  { what: 'the longest runbook', site: sites.real, url: '/haproxy/external-load-balancer/' },
  { what: 'a runbook with every kind of block', site: sites.fixture, url: '/haproxy/second-address/' },
  { what: 'a runbook that failed', site: sites.fixture, url: '/haproxy/failed/' },
  { what: 'a report', site: sites.real, url: '/reports/haproxy/operate.kind.html' },
]

describe.each(['light', 'dark'] as const)('%s theme', colorScheme => {
  test.each(pages)('$what: axe finds nothing', async ({ site: folder, url }) => {
    await using site = await serve(folder)
    await using reader = await read(site, { colorScheme, reducedMotion: 'reduce' })
    const { page } = reader
    await page.goto(url)
    expect(await violations(page), url).toEqual([])
    // What is folded away has to hold too.
    await page.evaluate(() => { for (const fold of document.querySelectorAll<HTMLDetailsElement>('main details')) fold.open = true })
    expect(await violations(page), `${url}, unfolded`).toEqual([])
  })
})

test('axe would find a picture without a text, a field without a label and pale words (control)', async () => {
  await using site = await serve(sites.real)
  await using reader = await read(site)
  const { page } = reader
  await page.goto('/safety/')
  await page.evaluate(() => {
    document.querySelector('main p')!.insertAdjacentHTML('afterend', '<img src="/favicon.svg"><input><p id="pale">pale</p>')
    document.getElementById('pale')!.style.color = '#bbb'
  })
  const found = (await violations(page)).map(line => line.split(':')[0])
  expect(found).toEqual(expect.arrayContaining(['image-alt', 'label', 'color-contrast']))
})
