/** The archive as a reader uses it: unpacked, opened from the disk, without a server. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, inject, test } from 'vitest'
import { unzipped } from '../site/unzip.ts'
import { read } from './open.ts'

const { fixture } = inject('sites')
const folder = mkdtempSync(join(tmpdir(), 'offline-'))
afterAll(() => { rmSync(folder, { recursive: true, force: true }) })
for (const [name, bytes] of await unzipped(readFileSync(join(fixture, 'proofbook-offline.zip')))) {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), bytes)
}

test('the book is read from a disk: links, looks, values, ticks and undo work, and nothing is asked of a network', async () => {
  // Requests to other origins than this are noted as strangers'.
  await using reader = await read({ origin: 'file:', [Symbol.asyncDispose]: async () => {} })
  const { page } = reader
  await page.goto(pathToFileURL(join(folder, 'proofbook-offline/index.html')).href)
  await page.locator('main a', { hasText: 'Answer on a second address' }).first().click()
  await page.waitForURL(url => url.pathname.endsWith('/haproxy/second-address/index.html'))
  expect(await page.evaluate(async () => { await document.fonts.ready; return [...document.fonts].filter(({ status }) => status === 'loaded').length })).toBeGreaterThan(0)
  expect(await page.locator('site-search').count()).toBe(0)

  await page.getByLabel('Second address', { exact: true }).fill('10.1.2.3')
  await page.locator('.values-note[data-note=own]').waitFor({ state: 'visible' })
  expect(await page.locator('[data-kind=step][data-name=declare] code').first().evaluate(code => code.textContent)).toContain('address 10.1.2.3')
  await page.getByLabel('Second address', { exact: true }).fill('$(reboot)')
  await page.locator('.refusal:not([hidden])').waitFor()
  await page.locator('input[data-tick=declare]').check()
  expect(await page.locator('starlight-toc a.done').count()).toBe(1)
  await page.locator('[data-kind=step][data-name=declare] .undo-link').click()
  await page.locator('[data-kind=rollback][data-name=declare] pre').first().waitFor({ state: 'visible' })
  expect(reader.complaints).toEqual([])
  expect(reader.strangers).toEqual([])
})
