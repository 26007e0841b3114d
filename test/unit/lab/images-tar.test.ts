import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { header, writeTar, type Entry } from '../../../src/lab/images/tar.ts'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'proofbook-test-')) })
afterEach(() => { rmSync(folder, { recursive: true }) })

const unpack = (tar: string): string => {
  const out = mkdtempSync(join(folder, 'out-'))
  execFileSync('tar', ['--extract', '--file', tar, '--directory', out, '--no-same-owner', '--preserve-permissions'])
  return out
}

describe('writeTar', () => {
  test('the system\'s tar finds every file with its bytes and its mode', async () => {
    const name = fc.stringMatching(/^[a-zA-Z0-9_.-]{1,60}$/).filter((part) => !/^\.+$/.test(part))
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => ['x', ...parts].join('/'))
      .filter((text) => text.length < 150)
    const file = fc.record({ path, text: fc.string({ unit: 'binary', maxLength: 2000 }), mode: fc.constantFrom(0o644, 0o755, 0o600) })
    let run = 0
    await fc.assert(fc.asyncProperty(fc.uniqueArray(file, { selector: (entry) => entry.path, maxLength: 8 }), async (files) => {
      // a file cannot be a folder of another
      const entries = files.filter((one) => !files.some((other) => other.path.startsWith(`${one.path}/`)))
      const tar = join(folder, `${run++}.tar`)
      await writeTar(tar, entries)
      const out = unpack(tar)
      for (const entry of entries) {
        expect(readFileSync(join(out, entry.path), 'utf8')).toBe(Buffer.from(entry.text).toString())
        expect(statSync(join(out, entry.path)).mode & 0o777).toBe(entry.mode)
      }
    }), { numRuns: 12 })
  })

  test('the same entries give the same bytes, in any order and at any time', async () => {
    const entries: Entry[] = [
      { path: 'etc/b', text: 'two' }, { path: 'etc/a', text: 'one' }, { path: 'bin/sh', link: 'busybox' }, { path: 'tmp', folder: true, mode: 0o1777 },
    ]
    await writeTar(join(folder, '1.tar'), entries)
    await writeTar(join(folder, '2.tar'), [...entries].reverse())
    expect(readFileSync(join(folder, '1.tar'))).toEqual(readFileSync(join(folder, '2.tar')))
    const listing = execFileSync('tar', ['--list', '--verbose', '--numeric-owner', '--file', join(folder, '1.tar')]).toString()
    expect(listing).toMatch(/^drwxrwxrwt 0\/0 .* 1970-01-01 .* tmp\/$/m)
    expect(readlinkSync(join(unpack(join(folder, '1.tar')), 'bin/sh'))).toBe('busybox')
  })

  test('content of a file that does not fill a block', async () => {
    for (const size of [0, 1, 511, 512, 513, 3 << 20]) {
      writeFileSync(join(folder, 'source'), Buffer.alloc(size, 7))
      await writeTar(join(folder, 'x.tar'), [{ path: 'f', file: join(folder, 'source') }, { path: 'g', text: 'after' }])
      const out = unpack(join(folder, 'x.tar'))
      expect(readFileSync(join(out, 'f')).equals(Buffer.alloc(size, 7))).toBe(true)
      expect(readFileSync(join(out, 'g'), 'utf8')).toBe('after')
    }
  })

  test('a path that ustar cannot hold is refused, not cut', () => {
    expect(() => header({ path: 'x'.repeat(101), text: '' }, 0)).toThrow('does not fit ustar')
    expect(() => header({ path: `${'y'.repeat(156)}/x`, text: '' }, 0)).toThrow('does not fit ustar')
    expect(() => header({ path: `${'y'.repeat(99)}/${'x'.repeat(99)}`, text: '' }, 0)).not.toThrow()
  })
})
