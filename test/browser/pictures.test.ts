/** Pictures of each type of page, for eyes: kept as artefacts in the folder that .ci/run names. */
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContextOptions } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import { read, serve } from './open.ts'

const sites = inject('sites')
const FOLDER = '.proofbook/screenshots'
const RUNBOOK = '/haproxy/external-load-balancer/'

const phone: BrowserContextOptions = { viewport: { width: 360, height: 800 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }
const dark: BrowserContextOptions = { colorScheme: 'dark' }
const light: BrowserContextOptions = { colorScheme: 'light' }

/** `of`: one part of the page alone, and all of it; otherwise the page as far as the window shows it. */
const pictures: readonly { name: string, site: string, url: string, options: BrowserContextOptions, of?: string }[] = [
  { name: 'home-light', site: sites.real, url: '/', options: light },
  { name: 'home-dark', site: sites.real, url: '/', options: dark },
  { name: 'home-phone', site: sites.real, url: '/', options: { ...light, ...phone } },
  { name: 'runbook-light', site: sites.real, url: RUNBOOK, options: light },
  { name: 'runbook-dark', site: sites.real, url: RUNBOOK, options: dark },
  { name: 'runbook-step-light', site: sites.real, url: RUNBOOK, options: light, of: '[data-kind=step] >> nth=0' },
  { name: 'runbook-phone-light', site: sites.real, url: RUNBOOK, options: { ...light, ...phone } },
  { name: 'runbook-phone-dark', site: sites.real, url: RUNBOOK, options: { ...dark, ...phone } },
  { name: 'runbook-forced-colours', site: sites.real, url: RUNBOOK, options: { ...dark, forcedColors: 'active' } },
  { name: 'runbook-failed', site: sites.fixture, url: '/haproxy/failed/', options: light },
  { name: 'status-light', site: sites.real, url: '/status/', options: light },
  { name: 'status-dark', site: sites.real, url: '/status/', options: dark },
  { name: 'status-phone', site: sites.real, url: '/status/', options: { ...light, ...phone } },
  { name: 'claims-light', site: sites.real, url: '/claims/', options: light },
  { name: 'claims-phone', site: sites.real, url: '/claims/', options: { ...dark, ...phone } },
  { name: 'matrix-light', site: sites.real, url: '/status/', options: light, of: 'table.matrix' },
  { name: 'matrix-dark', site: sites.real, url: '/status/', options: dark, of: 'table.matrix' },
  { name: 'timeline-light', site: sites.fixture, url: '/haproxy/second-address/', options: light, of: '.timeline-scroll' },
  { name: 'timeline-dark', site: sites.fixture, url: '/haproxy/second-address/', options: dark, of: '.timeline-scroll' },
]

test.each(pictures)('$name', async ({ name, site: folder, url, options, of }) => {
  mkdirSync(FOLDER, { recursive: true })
  const path = join(FOLDER, `${name}.png`)
  await using site = await serve(folder)
  await using reader = await read(site, options)
  const { page } = reader
  await page.goto(url, { waitUntil: 'networkidle' })
  if (of === undefined) await page.screenshot({ path })
  else await page.locator(of).screenshot({ path })
  // An empty page of this size is 5 KB.
  expect(statSync(path).size).toBeGreaterThan(of === undefined ? 20_000 : 4_000)
  expect(reader.complaints).toEqual([])
})
