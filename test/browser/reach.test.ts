/** The ways in which people really read: on 320 pixels, enlarged to the double, in a system's own colours, without motion, by keyboard. */
import { globSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, inject, test } from 'vitest'
import { lowContrast, outOfReach } from './look.ts'
import { read, serve } from './open.ts'

const sites = inject('sites')
const PAGE = '/haproxy/second-address/'
const pagesOf = (site: string): string[] => globSync('**/index.html', { cwd: site }).map(file => `/${file.replace(/index\.html$/, '')}`).sort()
const longest = pagesOf(sites.real).reduce((one, other) => statSync(join(sites.real, other, 'index.html')).size > statSync(join(sites.real, one, 'index.html')).size ? other : one)

const unfold = (page: Page): Promise<void> => page.evaluate(() => { for (const fold of document.querySelectorAll<HTMLDetailsElement>('main details')) fold.open = true })

const ways: readonly { how: string, options: BrowserContextOptions }[] = [
  { how: '320 pixels wide', options: { viewport: { width: 320, height: 640 } } },
  // A zoom of 200 % in a window of 1280 pixels leaves half of them.
  { how: '200 % zoom', options: { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 } },
]

describe.each([['the book', sites.real], ['the fixture book', sites.fixture]])('%s', (_, folder) => {
  test.each(ways)('$how: nothing scrolls sideways, sticks out or is cut off on any page', async ({ options }) => {
    await using site = await serve(folder)
    const left = pagesOf(folder).values()
    // As many at once as keep a machine of two cores busy; both take from the same pages.
    await Promise.all(Array.from({ length: 2 }, async () => {
      await using reader = await read(site, options)
      const { page } = reader
      for (const url of left) {
        await page.goto(url)
        // Blocks far below are laid out one after the other (src/site/client/layout.ts).
        await page.waitForFunction(() => !document.querySelector('.block:not(.laid)'))
        expect(await page.evaluate(outOfReach), url).toEqual([])
        await unfold(page)
        expect(await page.evaluate(outOfReach), `${url}, unfolded`).toEqual([])
      }
      expect(reader.complaints).toEqual([])
    }))
  }, 10 * 60_000)
})

test('what sticks out or is cut off would be found (control)', async () => {
  await using site = await serve(sites.fixture)
  await using reader = await read(site, { viewport: { width: 320, height: 640 } })
  const { page } = reader
  await page.goto('/safety/')
  await page.evaluate(() => {
    const [wide, cut] = [document.createElement('p'), document.createElement('p')]
    wide.textContent = 'wide'
    wide.style.cssText = 'width: 30rem; max-width: none'
    cut.textContent = 'cut off '.repeat(40)
    cut.style.cssText = 'height: 2rem; overflow: hidden'
    document.querySelector('main')!.append(wide, cut)
  })
  expect((await page.evaluate(outOfReach)).map(line => line.split(/[ :]/)[0])).toEqual(['the', 'sticks', 'cut'])
})

describe.each(['light', 'dark'] as const)('forced colours, %s', colorScheme => {
  test('every word can be read, and what was told by a ground has a border', async () => {
    await using site = await serve(sites.fixture)
    await using reader = await read(site, { forcedColors: 'active', colorScheme })
    const { page } = reader
    for (const url of ['/', '/status/', '/claims/', '/haproxy/failed/', PAGE]) {
      await page.goto(url)
      expect(await page.evaluate(() => matchMedia('(forced-colors: active)').matches)).toBe(true)
      await unfold(page)
      expect(await page.evaluate(lowContrast), url).toEqual([])
      expect(await page.evaluate(paleWordsOfPictures), url).toEqual([])
      const bare = await page.evaluate(() => [...document.querySelectorAll('main :is(.chip, .host), .sidebar-content .sl-badge')]
        .filter(element => element.checkVisibility() && getComputedStyle(element).borderTopWidth === '0px').map(element => element.textContent.trim()))
      expect(bare, url).toEqual([])
    }
    expect(reader.complaints).toEqual([])
  })
})

test('the past of a page is drawn in forced colours too', async () => {
  await using site = await serve(sites.fixture)
  await using reader = await read(site, { forcedColors: 'active' })
  await reader.page.goto('/status/')
  const [canvas, ...bars] = await reader.page.evaluate(() => [getComputedStyle(document.body).backgroundColor,
    ...[...document.querySelectorAll('.history i')].map(bar => getComputedStyle(bar).backgroundColor)])
  expect(bars.length).toBeGreaterThan(3)
  for (const bar of bars) expect(bar).not.toBe(canvas)
})

/** Words of pictures against what is painted below them, in forced colours. Runs in the page. */
function paleWordsOfPictures(): string[] {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!
  const luminance = (colour: string): number => {
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map(value => value / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
  }
  const ground = getComputedStyle(document.body).backgroundColor
  return [...document.querySelectorAll<SVGTextElement>('main svg text')].filter(text => text.checkVisibility()).flatMap((text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect()
    const [x, y] = [(left + right) / 2, (top + bottom) / 2]
    // The last rectangle drawn before the word that holds its middle.
    const below = [...text.ownerSVGElement!.querySelectorAll('rect')].filter((rect) => {
      const box = rect.getBoundingClientRect()
      return Boolean(rect.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING) && box.left <= x && box.right >= x && box.top <= y && box.bottom >= y && !['none', 'rgba(0, 0, 0, 0)'].includes(getComputedStyle(rect).fill)
    }).at(-1)
    const [bright, dark] = [luminance(getComputedStyle(text).fill), luminance(below === undefined ? ground : getComputedStyle(below).fill)].sort((one, other) => other - one)
    return (bright! + 0.05) / (dark! + 0.05) < 4.5 ? [`${text.textContent} (${getComputedStyle(text).fill} on ${below === undefined ? ground : getComputedStyle(below).fill})`] : []
  })
}

test.each(['no-preference', 'reduce'] as const)('motion %s: nothing moves by itself, and nothing glides', async reducedMotion => {
  await using site = await serve(sites.fixture)
  await using reader = await read(site, { reducedMotion })
  const { page } = reader
  const moving = (): Promise<number> => page.evaluate(() => document.getAnimations().length)
  for (const url of ['/', '/status/', PAGE]) {
    await page.goto(url)
    expect(await moving(), url).toBe(0)
  }
  await page.locator('[data-kind=check][data-name=declared] .run summary').click()
  await page.locator('[data-kind=step][data-name=declare]').hover()
  expect(await moving()).toBe(0)
  expect(await page.evaluate(() => [document.documentElement, document.body, document.querySelector('main')!].map(element => getComputedStyle(element).scrollBehavior))).toEqual(['auto', 'auto', 'auto'])
  await page.evaluate(() => { document.querySelector('main')!.animate([{ opacity: 0 }, { opacity: 1 }], 60_000) })
  expect(await moving(), 'one that moves (control)').toBe(1)
})

test('by keyboard alone: a value is typed, a step ticked, its undo opened, a word searched, and the page found left is the page found', async () => {
  await using site = await serve(sites.fixture)
  await using reader = await read(site)
  const { page } = reader
  await page.goto(PAGE)
  const tabTo = async (selector: string): Promise<void> => {
    for (let presses = 0; presses < 200; presses++) {
      await page.keyboard.press('Tab')
      if (await page.evaluate(wanted => document.activeElement!.matches(wanted), selector)) return
    }
    throw new Error(`no way to ${selector} with 200 presses of Tab`)
  }
  await tabTo('input[name=vip]')
  await page.keyboard.press('Control+a')
  await page.keyboard.type('10.1.2.3')
  await page.locator('.values-state[data-state=own]').waitFor()
  await tabTo('input[data-tick=declare]')
  await page.keyboard.press('Space')
  expect(await page.locator('starlight-toc a.done').count()).toBe(1)
  await tabTo('[data-kind=step][data-name=declare] .undo-link')
  await page.keyboard.press('Enter')
  await page.locator('[data-kind=rollback][data-name=declare] pre').first().waitFor({ state: 'visible' })
  await page.keyboard.press('Control+k')
  await page.waitForFunction(() => document.activeElement?.matches('input.pagefind-ui__search-input'))
  await page.keyboard.type('still answers')
  await page.locator('.pagefind-ui__result-link').first().waitFor()
  await tabTo('.pagefind-ui__result-link')
  const found = await page.evaluate(() => (document.activeElement as HTMLAnchorElement).href)
  expect(new URL(found).pathname).toBe(PAGE)
  expect(page.url()).not.toBe(found)
  await page.keyboard.press('Enter')
  await page.waitForURL(found)
})

test('a word of the glossary tells its meaning by keyboard, and goes again', async () => {
  await using site = await serve(sites.real)
  await using reader = await read(site)
  const { page } = reader
  await page.goto('/choose/cni/')
  const tip = page.locator('main button.tip').first()
  const text = page.locator(`#${await tip.getAttribute('popovertarget')}`)
  expect(await text.isVisible()).toBe(false)
  await tip.focus()
  await page.keyboard.press('Enter')
  await text.waitFor({ state: 'visible' })
  expect((await text.innerText()).length).toBeGreaterThan(40)
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement!.getAttribute('href'))).toMatch(/^\/reference\/glossary\/#term-/)
  await page.keyboard.press('Escape')
  await text.waitFor({ state: 'hidden' })
  expect(await tip.evaluate(button => document.activeElement === button)).toBe(true)
  expect(reader.complaints).toEqual([])
})

test('a diagram fills the window and goes back to its place, by keyboard', async () => {
  await using site = await serve(sites.fixture)
  await using reader = await read(site, { viewport: { width: 360, height: 700 } })
  const { page } = reader
  await page.goto(PAGE)
  const figure = page.locator('figure.diagram').first()
  expect(await figure.locator('.wide svg').isVisible()).toBe(false)
  await figure.locator('button[data-zoom]').focus()
  await page.keyboard.press('Enter')
  await page.locator('dialog.zoom .wide svg').waitFor({ state: 'visible' })
  expect((await page.locator('dialog.zoom .wide svg').boundingBox())!.width).toBeGreaterThan(900)
  expect(await page.evaluate(() => { const dialog = document.querySelector('dialog.zoom')!; dialog.scrollBy(400, 0); return dialog.scrollLeft })).toBeGreaterThan(300)
  await page.keyboard.press('Escape')
  await page.locator('dialog.zoom').waitFor({ state: 'detached' })
  expect(await figure.locator('.wide svg').count()).toBe(1)
  expect(reader.complaints).toEqual([])
})

test.each([{ width: 1280, list: 'starlight-toc' }, { width: 360, list: 'mobile-starlight-toc' }])('the list of headings marks the one that is being read, $width pixels wide', async ({ width, list }) => {
  await using site = await serve(sites.real)
  await using reader = await read(site, { viewport: { width, height: 800 } })
  const { page } = reader
  await page.goto(longest)
  const marked = (): Promise<(string | undefined)[]> => page.locator(`${list} a[aria-current=true]`).evaluateAll(links => links.map(link => (link as HTMLAnchorElement).hash))
  const becomes = (hash: string): Promise<unknown> => expect.poll(marked, { timeout: 20_000 }).toEqual([hash])
  await becomes('#_top')
  const hashes = await page.locator(`${list} a`).evaluateAll(links => links.map(link => (link as HTMLAnchorElement).hash))
  expect(hashes.length).toBeGreaterThan(10)
  for (const hash of [hashes[5]!, hashes[9]!, hashes[2]!]) {
    await page.goto(`${longest}${hash}`)
    await becomes(hash)
  }
  await page.evaluate(() => { scrollBy(0, -400) })
  await expect.poll(marked, { timeout: 20_000 }).not.toEqual([hashes[2]])
  await page.evaluate(() => { scrollTo(0, 0) })
  await becomes('#_top')
  if (width < 500) expect((await page.locator('.display-current').textContent())!.trim()).toBe('Overview')
})

test('a link to a block far below on the longest page leads to it', async () => {
  await using site = await serve(sites.real)
  await using reader = await read(site)
  const { page } = reader
  await page.goto(longest)
  const anchors = await page.locator('.block-name').evaluateAll(names => names.map(({ id }) => id))
  for (const anchor of [anchors.at(-1)!, anchors[Math.floor(anchors.length / 2)]!]) {
    await page.goto('/safety/')
    await page.goto(`${longest}#${anchor}`)
    await page.waitForFunction(id => {
      const { top, bottom } = document.getElementById(id)!.getBoundingClientRect()
      return top >= 0 && bottom <= innerHeight
    }, anchor)
  }
})
