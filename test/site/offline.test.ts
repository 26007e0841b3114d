/** The archive to read without a network, read by a program of its own: every file whole, every link to a file that is in it. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { parse } from 'parse5'
import { describe, expect, inject, test } from 'vitest'
import { $ } from 'zx/core'
import { fileAddress } from '../../src/site/offline/pages.ts'
import { attribute, elements } from './html.ts'
import { unzipped } from './unzip.ts'

const sites = inject('sites')

describe.each([['the fixture book', sites.fixture], ['the book', sites.real]])('%s', async (_, site) => {
  const files = await unzipped(readFileSync(join(site, 'proofbook-offline.zip')))
  const pages = [...files].filter(([name]) => name.endsWith('.html'))

  test('holds its pages and reports, below one folder, and says how to begin', () => {
    expect([...files.keys()].every(name => name.startsWith('proofbook-offline/'))).toBe(true)
    expect([...files.keys()]).toEqual(expect.arrayContaining(['README.txt', 'index.html', 'offline.js', 'status/index.html', 'haproxy/operate/index.html', 'reports/haproxy/operate.kind.html']
      .filter(name => site === sites.real || !name.includes('operate')).map(name => `proofbook-offline/${name}`)))
    expect(pages.length).toBeGreaterThan(20)
  })

  test('no link, style, script or picture leads out of it', () => {
    const lost: string[] = []
    for (const [name, bytes] of pages) {
      for (const element of elements(parse(bytes.toString()))) {
        const address = attribute(element, 'href') ?? attribute(element, 'src')
        if (address === undefined || /^(?:https?:|mailto:|data:|#)/.test(address)) continue
        const file = posix.join(posix.dirname(name), decodeURIComponent(address.replace(/[?#].*$/s, '')))
        // Guides of the fixture's site lead to pages of the book, and a report to what lay beside it: neither is on the site.
        const isElsewhere = site === sites.fixture ? !existsSync(join(site, file.replace('proofbook-offline/', ''))) : name.includes('/reports/') && address.startsWith('diagnostics/')
        if (!files.has(file) && !isElsewhere) lost.push(`${name}: ${element.tagName} ${address}`)
      }
    }
    expect(lost).toEqual([])
    for (const [name, bytes] of files) {
      if (!name.endsWith('.css')) continue
      for (const [, address] of bytes.toString().matchAll(/url\((?!["']?data:)([^)]+)\)/g)) expect(files.has(posix.join(posix.dirname(name), address!)), `${name}: ${address}`).toBe(true)
    }
  })
})

test.each([
  ['/', '../index.html'], ['/haproxy/operate/#step-x', '../haproxy/operate/index.html#step-x'], ['../operate/', '../operate/index.html'], ['#here', '#here'],
  ['/_astro/x.css', '../_astro/x.css'], ['https://example.org/', 'https://example.org/'], ['', ''],
])('%s is %s beside a page of a folder', (address, expected) => {
  const place = { path: 'safety/index.html', base: '/' }
  expect(fileAddress(address, place)).toBe(expected)
  // The same from a sub-path.
  if (address.startsWith('/')) expect(fileAddress(`/book${address}`, { ...place, base: '/book/' })).toBe(expected)
})

/** The archive of a site of two pages, made in such a time zone. */
async function archiveOf(pages: Readonly<Record<string, string>>, zone: string): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'archive-'))
  try {
    for (const [name, html] of Object.entries(pages)) writeFileSync(join(folder, name), html)
    await $({ quiet: true, env: { ...process.env, TZ: zone } })`${process.execPath} scripts/site/offline.ts ${folder}`
    return readFileSync(join(folder, 'proofbook-offline.zip'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('an archive is the same for the same files at any hour in any zone, and a byte that changed is found', async () => {
  const pages = { 'index.html': `<html><head></head><p>${'ä text '.repeat(1000)}</p></html>`, 'ä.html': '<html><head></head></html>' }
  const archive = await archiveOf(pages, 'Asia/Tokyo')
  expect((await archiveOf(Object.fromEntries(Object.entries(pages).toReversed()), 'America/New_York')).equals(archive)).toBe(true)
  expect((await archiveOf({ ...pages, 'index.html': '<html><head></head></html>' }, 'Asia/Tokyo')).equals(archive)).toBe(false)
  const files = await unzipped(archive)
  expect(files.get('proofbook-offline/index.html')!.toString()).toContain(pages['index.html'].slice(20))
  archive[archive.indexOf('index.html') + 20]! ^= 1
  await expect(unzipped(archive)).rejects.toThrow()
})
