import { globSync } from 'node:fs'
import { expect, inject, test } from 'vitest'
import { read, serve } from './open.ts'

const sites = inject('sites')
const PAGE = '/haproxy/second-address/'

test('badge, diagram and transcript are there for a reader', async () => {
  await using site = await serve(sites.fixture)
  await using reader = await read(site)
  const { page } = reader
  await page.goto(PAGE)

  const chip = page.locator('[data-target=kind] .chip').first()
  expect(await chip.innerText()).toBe('kind: verified')
  expect(await page.locator('.diagram .wide svg').first().boundingBox()).toMatchObject({ width: expect.toSatisfy((width: number) => width > 200) })
  expect(await page.locator('.diagram .narrow svg').first().isVisible()).toBe(false)

  const block = page.locator('[data-kind=check][data-name=declared]')
  const transcript = block.locator('.transcript pre').first()
  expect(await transcript.isVisible()).toBe(false)
  await block.getByText('Last run: ok 3 times').click()
  expect(await transcript.isVisible()).toBe(true)
  expect(await transcript.innerText()).toContain('✓ 192.168.0.45:8080 plain')

  expect(reader.complaints).toEqual([])
  expect(reader.strangers).toEqual([])
})

test('a link to a folded undo opens it', async () => {
  await using site = await serve(sites.fixture)
  await using reader = await read(site)
  const { page } = reader
  await page.goto(PAGE)
  const undo = page.locator('[data-kind=rollback][data-name=declare]')
  expect(await undo.locator('pre').first().isVisible()).toBe(false)
  await page.locator('[data-kind=step][data-name=declare] .undo-link').click()
  await undo.locator('pre').first().waitFor({ state: 'visible' })
})

test('the copy button holds what is shown', async () => {
  await using site = await serve(sites.fixture)
  await using reader = await read(site, { permissions: ['clipboard-read', 'clipboard-write'] })
  const { page } = reader
  await page.goto(PAGE)
  const block = page.locator('[data-kind=step][data-name=declare]')
  await block.hover()
  await block.locator('.copy-code').first().click()
  await block.getByText('Copied').waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toBe(await block.locator('code').first().evaluate(code => code.textContent))
  expect(copied).toContain('\tiface enp1s0:0')
})

test('text selected by hand is the text of the block', async () => {
  await using site = await serve(sites.fixture)
  await using reader = await read(site)
  const { page } = reader
  await page.goto(PAGE)
  const code = page.locator('[data-kind=step][data-name=declare] code').first()
  const [selected, text] = await code.evaluate(element => {
    getSelection()!.selectAllChildren(element)
    return [getSelection()!.toString(), element.textContent]
  })
  expect(selected.trimEnd()).toBe(text!.trimEnd())
})

test('search finds a step by its name and an error by its text', async () => {
  await using site = await serve(sites.fixture)
  await using reader = await read(site)
  const { page } = reader
  for (const words of ['still answers', 'RTNETLINK answers: File exists']) {
    await page.goto('/')
    await page.getByRole('button', { name: 'Search' }).first().click()
    await page.getByPlaceholder('Search').fill(words)
    const hit = page.locator('.pagefind-ui__result-link').first()
    await hit.waitFor()
    expect(await hit.getAttribute('href'), words).toContain(PAGE)
  }
  expect(reader.complaints).toEqual([])
  expect(reader.strangers).toEqual([])
})

test('the search is fetched when it is opened, and again when that failed', async () => {
  await using site = await serve(sites.fixture)
  await using reader = await read(site)
  const { page } = reader
  const asked: string[] = []
  page.on('request', request => { asked.push(request.url()) })
  await page.goto('/', { waitUntil: 'networkidle' })
  expect(asked.filter(url => /pagefind|ui-core/.test(url))).toEqual([])

  await page.route(/ui-core/, route => route.abort())
  await page.keyboard.press('Control+k')
  await page.getByText('The search could not be loaded.').waitFor()
  await page.keyboard.press('Escape')
  await page.unroute(/ui-core/)
  await page.keyboard.press('Control+k')
  await page.waitForFunction(() => document.activeElement?.matches('input.pagefind-ui__search-input'))
  await page.keyboard.type('still answers')
  await page.locator('.pagefind-ui__result-link').first().waitFor()
  expect(asked.some(url => url.includes('ui-core'))).toBe(true)
})

test('a result that grew old after the build is shown as stale', async () => {
  await using site = await serve(sites.fixture)
  await using reader = await read(site)
  const { page, context } = reader
  await context.clock.setFixedTime('2026-12-25T12:00:00Z')
  await page.goto(PAGE)
  const chip = page.locator('[data-target=kind] .chip').first()
  await page.waitForFunction(() => document.querySelector('[data-target=kind] .chip')?.getAttribute('data-word') === 'stale')
  expect(await chip.innerText()).toBe('kind: stale')
})

test('every page of the book opens without a complaint and asks no other host', async () => {
  await using site = await serve(sites.real)
  await using reader = await read(site)
  const pages = globSync('**/index.html', { cwd: sites.real }).map(file => `/${file.replace(/index\.html$/, '')}`)
  expect(pages.length).toBeGreaterThan(10)
  for (const url of pages) await reader.page.goto(url, { waitUntil: 'networkidle' })
  expect(reader.complaints).toEqual([])
  expect(reader.strangers).toEqual([])
})

test('a complaint and a request to another host would be noticed (control)', async () => {
  await using site = await serve(sites.real)
  // The site's own policy would stop the request before it is made.
  await using reader = await read(site, { bypassCSP: true })
  await reader.page.goto('/safety/')
  await reader.page.evaluate(async () => {
    console.error('broken')
    await fetch('http://127.0.0.1:9/other').catch(() => {})
  })
  await reader.page.goto('/no-such-page/')
  expect(reader.strangers).toEqual(['http://127.0.0.1:9/other'])
  expect(reader.complaints).toContain('broken')
  expect(reader.complaints.join()).toContain('404')
})
