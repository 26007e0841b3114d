/**
 * axe-core's rules (WCAG 2 A to AAA where automatic, best practices) with nothing folded away. One page of each type in
 * both themes, as it comes too; of the others, which the same components make, every third in one theme, one after the
 * other light and dark, and every tenth report. PROOFBOOK_LONG=1 tries all pages in both themes, as every night does.
 */
import { globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, inject, test } from 'vitest'
import type { Page } from 'playwright-core'
import { read, serve } from './open.ts'

const sites = inject('sites')
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const THEMES = ['light', 'dark'] as const
type Theme = (typeof THEMES)[number]
/** As many at once as keep a machine of two cores busy. */
const READERS = 2

interface Violation { readonly id: string, readonly nodes: readonly { readonly target: readonly string[], readonly failureSummary: string }[] }
declare const axe: { run: (context: unknown, options: unknown) => Promise<{ violations: Violation[], passes: unknown[] }> }

/** What axe finds, one line a place: `color-contrast: main > p: ...`. Run by the debugger, so the page's policy does not forbid it. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const { found, passed } = await page.evaluate(async () => {
    const { violations, passes } = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'],
      // No rule of these reads style sheets, and to fetch them costs a second time what the page did.
      preload: false,
    })
    return { found: violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`)), passed: passes.length }
  })
  expect(passed).toBeGreaterThan(10)
  return found
}

/** Without a reload. A report has no switch, and follows the machine by its style sheet alone. */
async function turn(page: Page, theme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme: theme })
  await page.waitForFunction(wanted => [undefined, wanted].includes(document.documentElement.dataset.theme as Theme | undefined), theme)
}

/** With a link into the page, which lays out all of it at once: blocks far below move as they come, and axe measures places. */
async function open(page: Page, url: string): Promise<void> {
  await page.goto(`${url}#_top`)
  expect(await page.locator('.not-content.block:not(.laid)').count(), url).toBe(0)
}

async function unfold(page: Page): Promise<void> {
  await page.evaluate(() => { for (const fold of document.querySelectorAll('details')) fold.open = true })
}

/** What axe finds in these themes, the theme before it. */
async function inThemes(page: Page, themes: readonly Theme[]): Promise<string[]> {
  const found: string[] = []
  for (const theme of themes) {
    await turn(page, theme)
    for (const line of await violations(page)) found.push(`${theme}: ${line}`)
  }
  return found
}

interface Visit {
  readonly url: string
  readonly themes: readonly Theme[]
  /** Also before all is unfolded, since a fold has looks of its own. */
  readonly asItComes: boolean
}

async function allViolations(folder: string, visits: readonly Visit[]): Promise<string[]> {
  await using site = await serve(folder)
  const left = visits.values()
  const found: string[] = []
  await Promise.all(Array.from({ length: READERS }, async () => {
    await using reader = await read(site, { reducedMotion: 'reduce' })
    const { page } = reader
    // Both take from the same pages.
    for (const { url, themes, asItComes } of left) {
      await open(page, url)
      if (asItComes) for (const line of await inThemes(page, themes)) found.push(`${url}, ${line}`)
      await unfold(page)
      for (const line of await inThemes(page, themes)) found.push(`${url} unfolded, ${line}`)
    }
  }))
  return found
}

/** One of each type. */
const TYPES = ['/', '/choose/cni/', '/troubleshooting/', '/reference/ports/', '/reference/glossary/', '/status/', '/claims/', '/write/commands/', '/404.html', '/haproxy/operate/', '/reports/haproxy/operate.kind.html']

const long = process.env.PROOFBOOK_LONG === '1'

test(`axe finds nothing on ${long ? 'any page of the book in either theme' : 'each type of page, and on a third of the book'}`, async () => {
  const urls = globSync('**/*.html', { cwd: sites.real }).map(file => `/${file.replaceAll('\\', '/').replace(/index\.html$/, '')}`).sort()
  expect(urls).toEqual(expect.arrayContaining(TYPES))
  const daily = urls.filter((url, index) => TYPES.includes(url) || index % (url.startsWith('/reports/') ? 10 : 3) === 0)
  const visits = (long ? urls : daily).map((url, index) => ({ url, themes: long || TYPES.includes(url) ? THEMES : [THEMES[index % 2]!], asItComes: TYPES.includes(url) }))
  expect(await allViolations(sites.real, visits)).toEqual([])
}, 10 * 60_000)

test('nor on runbooks that passed, failed, were not run, or have changed since', async () => {
  const urls = ['/haproxy/second-address/', '/haproxy/failed/', '/haproxy/nothing/', '/haproxy/changed/', '/reports/haproxy/failed.kind.html']
  expect(await allViolations(sites.fixture, urls.map(url => ({ url, themes: THEMES, asItComes: true })))).toEqual([])
})

test('axe would find a picture without a text, a field without a label and words that are pale in one theme alone, folded away or not (control)', async () => {
  await using site = await serve(sites.real)
  await using reader = await read(site, { reducedMotion: 'reduce' })
  const { page } = reader
  await open(page, '/haproxy/operate/')
  await page.evaluate(() => {
    document.querySelector('main p')!.insertAdjacentHTML('afterend', '<img src="/favicon.svg"><input><p class="pale">pale</p><details><summary>more</summary><p class="pale">pale</p></details>')
    for (const pale of document.querySelectorAll<HTMLElement>('.pale')) pale.style.color = '#bbb'
  })
  const rules = async (): Promise<string[]> => (await inThemes(page, THEMES)).map(line => line.split(':', 2).join(':')).sort()
  const always = ['dark: image-alt', 'dark: label', 'light: color-contrast', 'light: image-alt', 'light: label']
  expect(await rules()).toEqual(always)
  await unfold(page)
  expect(await rules()).toEqual([...always, 'light: color-contrast'].sort())
})
