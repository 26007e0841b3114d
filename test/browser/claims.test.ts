import { expect, inject, test } from 'vitest'
import { read, serve } from './open.ts'

const { real } = inject('sites')

test('claims are chosen by verdict and by proof without any script', async () => {
  await using site = await serve(real)
  await using reader = await read(site, { javaScriptEnabled: false })
  const { page } = reader
  await page.goto('/claims/')
  const shown = (extra = '') => page.locator(`tr[data-verdict]${extra}:visible`).count()
  expect(await shown()).toBe(111)

  await page.getByLabel('dangerous').check()
  const dangerous = await shown()
  expect(dangerous).toBeGreaterThan(5)
  expect(await shown(':not([data-verdict=dangerous])')).toBe(0)

  await page.getByLabel('settled by no page yet').check()
  expect(await shown()).toBeLessThan(dangerous)
  expect(await shown(':not([data-proof=no-page])')).toBe(0)

  await page.locator('#verdict-all').check()
  await page.locator('#proof-all').check()
  expect(await shown()).toBe(111)
  expect(reader.complaints).toEqual([])
})

test('a claim can be linked to', async () => {
  await using site = await serve(real)
  await using reader = await read(site)
  await reader.page.goto('/claims/#U1')
  expect(await reader.page.locator('#U1').innerText()).toContain('Port 8472')
  expect(await reader.page.locator('#U1').evaluate(row => row.matches(':target') && row.getBoundingClientRect().top < innerHeight)).toBe(true)
})
