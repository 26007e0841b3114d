/** The archive to read without a network, read by a program of its own: every file whole, every link to a file that is in it. */
import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { parse } from 'parse5'
import { describe, expect, inject, test } from 'vitest'
import { fileAddress } from '../../src/site/offline/pages.ts'
import { zip } from '../../src/site/offline/zip.ts'
import { attribute, elements } from './html.ts'
import { unzipped } from './unzip.ts'

const sites = inject('sites')

describe.each([['the fixture book', sites.fixture], ['the book', sites.real]])('%s', (_, site) => {
  const files = unzipped(readFileSync(join(site, 'proofbook-offline.zip')))
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

test('an archive is the same for the same files, and a byte that changed is found', async () => {
  const entries = [{ name: 'ä/text.txt', bytes: Buffer.from('text '.repeat(1000)) }, { name: 'none', bytes: Buffer.alloc(0) }]
  const archive = await zip(entries)
  expect((await zip(entries)).equals(archive)).toBe(true)
  expect([...unzipped(archive)].map(([name, bytes]) => [name, bytes.toString()])).toEqual(entries.map(({ name, bytes }) => [name, bytes.toString()]))
  archive[60]! ^= 1
  expect(() => unzipped(archive)).toThrow()
})
