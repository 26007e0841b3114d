import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { outputs } from '../../../src/lab/cache.ts'
import { exportBundle } from '../../../src/lab/images/bundle/export.ts'
import { importBundle } from '../../../src/lab/images/bundle/import.ts'
import { checkFiles, parseManifest, type Manifest } from '../../../src/lab/images/bundle/manifest.ts'
import { kind, vegeta } from '../../../src/lab/images/components.ts'
import { folderOf } from '../../../src/lab/images/parts.ts'
import { pruneProducts, superseded } from '../../../src/lab/images/prune.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'proofbook-test-'))
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const signal = new AbortController().signal
const progress = { stage: <T>(_: string, work: (update: () => void) => Promise<T>) => work(() => {}), note: () => {} }

/** A product as a build leaves it, in the cache of now. */
function built(product: typeof vegeta, name: string, text: string): void {
  mkdirSync(folderOf(product), { recursive: true })
  writeFileSync(join(folderOf(product), name), text, { mode: 0o755 })
}

describe('a bundle of programs', () => {
  const file = () => join(folder, 'lab.tar.zst')
  beforeEach(async () => {
    built(vegeta, 'vegeta', 'the program')
    await exportBundle(file(), progress, { only: ['vegeta'], signal })
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'other'))
  })

  test('arrives on another machine as it was, ready to run', async () => {
    const { programs, images } = await importBundle(file(), progress, signal)
    expect({ programs, images }).toEqual({ programs: [{ name: 'vegeta', product: vegeta.id }], images: [] })
    const program = join(folderOf(vegeta), 'vegeta')
    expect(readFileSync(program, 'utf8')).toBe('the program')
    expect(statSync(program).mode & 0o111).toBe(0o111)
    expect(vegeta.exists()).toBe(true)
  })

  test('with another content inside is refused with both digests, and nothing is taken in', async () => {
    const bytes = zstdDecompressSync(readFileSync(file()))
    bytes.write('THE', bytes.indexOf('the program'))
    writeFileSync(file(), zstdCompressSync(bytes))
    await expect(importBundle(file(), progress, signal)).rejects.toThrow(
      /is damaged: nothing was loaded\n {2}programs\/vegeta-[0-9a-f]{12}\/vegeta: received sha256:[0-9a-f]{64}, expected sha256:[0-9a-f]{64}\nTry: copy it again/)
    expect(existsSync(outputs())).toBe(false)
  })

  test.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 20)],
    ['with a flipped bit', (bytes: Buffer) => { bytes[bytes.length >> 1]! ^= 0x10; return bytes }],
    ['that is something else', () => Buffer.from('not a bundle at all')],
    ['that is an archive of something else', () => zstdCompressSync(Buffer.alloc(10_240))],
  ])('%s is refused by its name', async (_, damage) => {
    writeFileSync(file(), damage(readFileSync(file())))
    await expect(importBundle(file(), progress, signal)).rejects.toMatchObject({ name: 'ImageError', message: expect.stringContaining(file()) })
    expect(existsSync(outputs())).toBe(false)
  })

  test('is the same file when made again', async () => {
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'))
    const first = readFileSync(file())
    await exportBundle(file(), progress, { only: ['vegeta'], signal })
    expect(readFileSync(file()).equals(first)).toBe(true)
  })
})

test('a part that is not known, or not here, is named with what to do', async () => {
  const out = (only: string[]) => exportBundle(join(folder, 'x'), progress, { only, signal })
  await expect(out(['vgeta'])).rejects.toThrow(/^received part vgeta, expected one of: node, host, host-haproxy-3\.2, kind, vegeta, etcdutl, cilium-1\.19, /)
  await expect(out(['vegeta'])).rejects.toThrow('not on this machine: vegeta. Try: proofbook lab images build')
  expect(readdirSync(folder).filter((name) => name.startsWith('x'))).toEqual([])
})

describe('a manifest', () => {
  const good: Manifest = {
    schema: 1, architecture: 'amd64', images: [], programs: [{ name: 'kind', product: 'kind-0123456789ab' }],
    files: [{ path: 'programs/kind-0123456789ab/kind', size: 3, sha256: 'aa', executable: true }],
  }
  const parsed = (change: object) => parseManifest(JSON.stringify({ ...good, ...change }), 'f')

  test('is read as it was written', () => {
    expect(parsed({})).toEqual(good)
  })

  test.each([
    [{ schema: 2 }, 'received a bundle of schema 2, expected 1'],
    [{ programs: [{ name: 'x', product: '../../etc' }] }, 'received the program "../../etc"'],
    [{ files: [{ ...good.files[0], path: 'programs/kind-0123456789ab/../../x' }] }, 'which belongs to none of its parts'],
    [{ files: [{ ...good.files[0], path: '/etc/passwd' }] }, 'which belongs to none of its parts'],
    [{ files: undefined }, 'lacks images, programs or files'],
  ])('that says %j is refused', (change, message) => {
    expect(() => parsed(change)).toThrow(message)
  })

  test('tells every file that differs: missing, too short, other, too many', () => {
    const path = 'programs/kind-0123456789ab/kind'
    expect(() => { checkFiles(good, [{ path, size: 3, sha256: 'aa' }], 'f') }).not.toThrow()
    expect(() => { checkFiles(good, [], 'f') }).toThrow(`${path}: missing`)
    expect(() => { checkFiles(good, [{ path, size: 2, sha256: 'aa' }], 'f') }).toThrow(`${path}: received 2 bytes, expected 3`)
    expect(() => { checkFiles(good, [{ path, size: 3, sha256: 'ab' }], 'f') }).toThrow(`${path}: received sha256:ab, expected sha256:aa`)
    expect(() => { checkFiles(good, [{ path, size: 3, sha256: 'aa' }, { path: 'more', size: 1, sha256: 'b' }], 'f') })
      .toThrow('more: not in the bundle\'s manifest')
  })
})

describe('pruning', () => {
  test('removes outputs of earlier recipes, and neither current ones nor those that it does not know', async () => {
    built(kind, 'kind', 'now')
    for (const id of ['kind-000000000000', 'stranger-000000000000', 'kind-notakey']) {
      mkdirSync(join(outputs(), id), { recursive: true })
      writeFileSync(join(outputs(), id, 'file'), '12345')
    }
    expect(await pruneProducts()).toEqual([{ name: 'kind-000000000000', size: 5 }])
    expect(readdirSync(outputs()).sort()).toEqual([kind.id, 'kind-notakey', 'stranger-000000000000'].sort())
  })

  test('takes a name with several current keys for what it is', () => {
    const current = new Map([['cilium', new Set(['aaaaaaaaaaaa', 'bbbbbbbbbbbb'])]])
    expect(['aaaaaaaaaaaa', 'bbbbbbbbbbbb', 'cccccccccccc'].map((key) => superseded(`cilium-${key}`, current))).toEqual([false, false, true])
    expect(superseded('cilium-chart-cccccccccccc', current)).toBe(false)
  })
})
