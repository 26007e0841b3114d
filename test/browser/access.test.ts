import { mkdirSync } from 'node:fs'
import { describe, expect, inject, test } from 'vitest'
import { lowContrast } from './look.ts'
import { read, serve } from './open.ts'

const sites = inject('sites')
const PAGE = '/haproxy/second-address/'
const SHOTS = '.proofbook/screenshots'

test('everything that can be done on a runbook can be done with the keyboard, and focus is seen', async () => {
  await using site = await serve(sites.fixture)
  await using reader = await read(site)
  const { page } = reader
  await page.goto(PAGE)

  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('Skip to content')
  await page.keyboard.press('Enter')

  const seen = new Set<string>()
  const unseen: string[] = []
  for (let presses = 0; presses < 200; presses++) {
    await page.keyboard.press('Tab')
    const focus = await page.evaluate(() => {
      const element = document.activeElement!
      const style = getComputedStyle(element)
      const what = element.closest('.value') ? 'value' : element.matches('.copy-code') ? 'copy' : element.closest('.run') ? 'run'
        : element.closest('.expected') ? 'expected' : element.matches('[data-kind=rollback] summary') ? 'undo' : element.matches('main a') ? 'link' : ''
      return { what, outlined: style.outlineStyle !== 'none' && style.outlineWidth !== '0px', name: element.outerHTML.slice(0, 80), end: element === document.body }
    })
    if (focus.end) break
    seen.add(focus.what)
    if (!focus.outlined) unseen.push(focus.name)
  }
  expect([...seen]).toEqual(expect.arrayContaining(['value', 'copy', 'run', 'expected', 'undo', 'link']))
  expect(unseen).toEqual([])

  await page.locator('[data-kind=check][data-name=declared] .run summary').focus()
  await page.keyboard.press('Enter')
  expect(await page.locator('[data-kind=check][data-name=declared] .transcript').first().isVisible()).toBe(true)
})

describe.each(['light', 'dark'] as const)('%s theme', colorScheme => {
  test.each([{ width: 1280, name: 'desktop' }, { width: 360, name: 'phone' }])('$name: nothing sticks out, all text can be read', async ({ width, name }) => {
    mkdirSync(SHOTS, { recursive: true })
    await using site = await serve(sites.fixture)
    await using reader = await read(site, { colorScheme, viewport: { width, height: 800 }, ...(width < 500 ? { hasTouch: true, isMobile: true } : {}) })
    const { page } = reader
    for (const url of ['/', '/status/', '/claims/', '/write/fences/', '/haproxy/failed/', PAGE]) {
      await page.goto(url, { waitUntil: 'networkidle' })
      expect(await page.evaluate(() => document.documentElement.scrollWidth), url).toBeLessThanOrEqual(width)
      await page.screenshot({ path: `${SHOTS}/${colorScheme}-${name}${url.replaceAll('/', '-')}.png`, fullPage: true })
      await page.evaluate(() => { for (const fold of document.querySelectorAll<HTMLDetailsElement>('main details')) fold.open = true })
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `${url}, unfolded`).toBeLessThanOrEqual(width)
      expect(await page.evaluate(lowContrast), url).toEqual([])
    }
    expect(reader.complaints).toEqual([])
  })
})

test('on a phone the values are folded and a table is a list', async () => {
  await using site = await serve(sites.fixture)
  await using reader = await read(site, { viewport: { width: 360, height: 800 } })
  const { page } = reader
  await page.goto(PAGE)
  expect(await page.locator('proofbook-values details').first().evaluate(details => (details as HTMLDetailsElement).open)).toBe(false)
  expect(await page.locator('.diagram .narrow svg').first().isVisible()).toBe(true)
  for (const url of ['/status/', '/claims/']) {
    await page.goto(url)
    const widths = await page.locator('table.stacks tbody tr:nth-child(2) > td:visible').evaluateAll(cells => cells.map(cell => cell.getBoundingClientRect().width))
    expect(widths.length, url).toBeGreaterThan(1)
    expect(Math.min(...widths), url).toBeGreaterThan(280)
  }
})

test('lines of text hold about 70 characters', async () => {
  await using site = await serve(sites.real)
  await using reader = await read(site, { viewport: { width: 1440, height: 900 } })
  const { page } = reader
  await page.goto('/safety/')
  const longest = await page.evaluate(() => Math.max(...[...document.querySelectorAll('.sl-markdown-content p')].flatMap(paragraph => {
    const text = paragraph.firstChild!
    const rows = new Map<number, number>()
    for (let at = 0; at < (text.textContent?.length ?? 0); at++) {
      const range = document.createRange()
      range.setStart(text, at)
      range.setEnd(text, at + 1)
      const top = Math.round(range.getBoundingClientRect().top)
      rows.set(top, (rows.get(top) ?? 0) + 1)
    }
    return [...rows.values()]
  })))
  expect(longest).toBeGreaterThan(60)
  expect(longest).toBeLessThanOrEqual(80)
})

test('on paper everything is unfolded and nothing is cut', async () => {
  await using site = await serve(sites.fixture)
  await using reader = await read(site)
  const { page } = reader
  await page.goto(PAGE)
  await page.evaluate(() => { dispatchEvent(new Event('beforeprint')) })
  await page.emulateMedia({ media: 'print' })
  expect(await page.locator('[data-kind=rollback][data-name=declare] pre').first().isVisible()).toBe(true)
  expect(await page.locator('.copy-code').first().isVisible()).toBe(false)
  expect(await page.locator('header.header').first().evaluate(header => getComputedStyle(header).position)).not.toBe('fixed')
})

test('a page on paper can be followed: dark letters on white, the reader\'s values, each undo, a box for each step, and no transcript', async () => {
  await using site = await serve(sites.fixture)
  await using reader = await read(site, { colorScheme: 'dark' })
  const { page } = reader
  await page.goto(PAGE)
  await page.getByLabel('Second address', { exact: true }).fill('10.1.2.3')
  await page.locator('.values-state[data-state=own]').waitFor()
  await page.evaluate(() => { dispatchEvent(new Event('beforeprint')) })
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  expect(await page.evaluate(lowContrast)).toEqual([])
  const printed = await page.locator('main').innerText()
  expect(printed).toContain('address 10.1.2.3')
  expect(printed).toContain('1 of 4 changed: not what was verified')
  expect(await page.getByLabel('Second address', { exact: true }).isVisible()).toBe(true)
  expect(await page.locator('[data-kind=rollback][data-name=declare] pre').first().isVisible()).toBe(true)
  expect(await page.locator('input[data-tick=declare]').isVisible()).toBe(true)
  expect(await page.locator('.transcript').filter({ visible: true }).count()).toBe(0)
  expect(await page.locator('[data-name=declared] .expected pre').first().isVisible()).toBe(true)
  for (const gone of ['.copy-code', '.alone', 'nav.sidebar', 'starlight-toc', '.zoom-in', 'footer']) expect(await page.locator(gone).filter({ visible: true }).count(), gone).toBe(0)
  expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(20_000)
})

test('text that cannot be read would be found (control)', async () => {
  await using site = await serve(sites.fixture)
  await using reader = await read(site)
  await reader.page.goto('/safety/')
  await reader.page.evaluate(() => { document.querySelector<HTMLElement>('main p')!.style.color = '#999' })
  expect(await reader.page.evaluate(lowContrast)).toHaveLength(1)
})
