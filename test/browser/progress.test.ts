/** Ticks at the steps: kept in this browser, seen in the rail, wide and on a phone. */
import { expect, inject, test } from 'vitest'
import { read, serve } from './open.ts'

const { fixture } = inject('sites')
const PAGE = '/haproxy/second-address/'

test('a tick is kept, marks its step in the rail, and can be cleared', async () => {
  await using site = await serve(fixture)
  await using reader = await read(site)
  const { page } = reader
  await page.goto(PAGE)
  const rail = page.locator('starlight-toc')
  const link = rail.locator('a[href="#step-declare"]')
  expect(await link.innerText()).toBe('Step 1: Declare')
  await page.getByLabel('Done: Declare').check()
  expect(await link.innerText()).toContain('(done)')
  expect(await rail.locator('.rail-progress').innerText()).toMatch(/^1 of \d+ steps done/)

  await page.reload()
  expect(await page.getByLabel('Done: Declare').isChecked()).toBe(true)
  expect(await link.getAttribute('class')).toContain('done')
  await rail.getByRole('button', { name: 'Clear ticks' }).click()
  expect(await page.getByLabel('Done: Declare').isChecked()).toBe(false)
  expect(await rail.locator('.rail-progress').isVisible()).toBe(false)
  expect(await page.evaluate(() => localStorage.getItem('proofbook:done:haproxy/second-address'))).toBeNull()
  expect(reader.complaints).toEqual([])
})

test('on a desktop the rail stays in sight, on a phone it is one tap away', async () => {
  await using site = await serve(fixture)
  await using desk = await read(site)
  await desk.page.goto(PAGE)
  await desk.page.evaluate(() => { scrollTo(0, document.body.scrollHeight) })
  expect(await desk.page.locator('starlight-toc a[href="#undo-all-of-it"]').isVisible()).toBe(true)
  expect((await desk.page.locator('starlight-toc').boundingBox())!.y).toBeGreaterThanOrEqual(0)

  await using phone = await read(site, { viewport: { width: 375, height: 700 }, hasTouch: true, isMobile: true })
  await phone.page.goto(PAGE)
  await phone.page.evaluate(() => { scrollTo(0, document.body.scrollHeight) })
  await phone.page.locator('#starlight__on-this-page--mobile').tap()
  await phone.page.locator('mobile-starlight-toc a[href="#step-declare"]').tap()
  await phone.page.waitForFunction(() => Math.abs(document.getElementById('step-declare')!.getBoundingClientRect().top) < 300)
})

test('without a script there is no box, and every fold, step and transcript is there', async () => {
  await using site = await serve(fixture)
  await using reader = await read(site, { javaScriptEnabled: false })
  const { page } = reader
  await page.goto(PAGE)
  expect(await page.locator('.tick').first().isVisible()).toBe(false)
  expect(await page.locator('.rail-progress').count()).toBe(0)
  expect(await page.locator('[data-kind=step] pre').first().isVisible()).toBe(true)
  await page.locator('[data-kind=rollback][data-name=declare] summary').first().click()
  expect(await page.locator('[data-kind=rollback][data-name=declare] pre').first().isVisible()).toBe(true)
})

test('what somebody else wrote into the store breaks nothing', async () => {
  await using site = await serve(fixture)
  await using reader = await read(site)
  const { page } = reader
  await page.goto(PAGE)
  for (const broken of ['{', '{"a":1}', '[1,null,"no-such-step"]', 'null']) {
    await page.evaluate(text => { localStorage.setItem('proofbook:done:haproxy/second-address', text) }, broken)
    await page.reload()
    expect(await page.locator('input[data-tick]:checked').count(), broken).toBe(0)
  }
  expect(reader.complaints).toEqual([])
})
