/** What a first visit to the longest runbook costs, as a server sends it compressed (gzip, level 9), without a cache. */
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, inject, test } from 'vitest'
import { read, serve } from './open.ts'

const { real } = inject('sites')
const KB = 1000
const ALL = 150 * KB
const SCRIPT = 40 * KB

interface Loaded { readonly path: string, readonly bytes: number, readonly type: string }

/** Fonts are compressed as they are; everything else is sent with gzip. */
const sent = (path: string): number => {
  const bytes = readFileSync(path)
  return path.endsWith('.woff2') ? bytes.length : gzipSync(bytes, { level: 9 }).length
}

async function firstVisit(url: string): Promise<Loaded[]> {
  await using site = await serve(real)
  await using reader = await read(site)
  const asked: { path: string, type: string }[] = []
  reader.page.on('request', request => { asked.push({ path: new URL(request.url()).pathname, type: request.resourceType() }) })
  await reader.page.goto(url, { waitUntil: 'networkidle' })
  return asked.map(({ path, type }) => {
    const file = join(real, path.endsWith('/') ? `${path}index.html` : path)
    return { path, type, bytes: sent(file) }
  })
}

const longest = globSync('*/*/index.html', { cwd: real })
  .map(file => ({ url: `/${file.replace('index.html', '')}`, size: statSync(join(real, file)).size }))
  .reduce((one, other) => other.size > one.size ? other : one).url

test('the longest runbook is at most 150 KB in all, 40 KB of it script', async () => {
  const loaded = await firstVisit(longest)
  const sum = (type?: string) => loaded.filter(each => type === undefined || each.type === type).reduce((total, { bytes }) => total + bytes, 0)
  console.log(`${longest}: ${sum()} bytes: ${loaded.map(({ path, bytes }) => `${path.split('/').at(-1) || 'page'} ${bytes}`).join(', ')}`)
  expect(loaded.length).toBeGreaterThan(3)
  expect(sum('script')).toBeLessThanOrEqual(SCRIPT)
  expect(sum()).toBeLessThanOrEqual(ALL)
})
