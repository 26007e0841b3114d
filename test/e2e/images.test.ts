/**
 * Parts of a lab carried by a file: out of Docker and the cache, and back. The host image and a program by default;
 * PROOFBOOK_E2E_PARTS=node,host,kind,vegeta for more.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findImage } from '../../src/lab/images/docker.ts'
import type { Found } from '../../src/lab/images/parts.ts'
import { run } from '../../src/lab/images/run.ts'
import { start, type Ended } from './proofbook.ts'

const names = (process.env.PROOFBOOK_E2E_PARTS ?? 'host,vegeta').split(',')
const folder = mkdtempSync(join(tmpdir(), 'proofbook-bundle-'))
const file = join(folder, 'lab.tar.zst')
const damaged = join(folder, 'damaged.tar.zst')
/** Another machine, as far as programs go; its Docker is this one's, from which the names of the images are taken. */
const env = { XDG_CACHE_HOME: join(folder, 'other') }

const images = (...args: string[]): Promise<Ended> => start(['lab', 'images', ...args]).ended
const elsewhere = (...args: string[]): Promise<Ended> => start(['lab', 'images', ...args], { env }).ended
const listed = async (of: Promise<Ended>): Promise<Found[]> =>
  (JSON.parse((await of).stdout) as { parts: Found[] }).parts.filter(({ name }) => names.includes(name))

let here: Found[]
const refs = (): string[] => here.filter(({ kind }) => kind === 'image').map(({ ref }) => ref)
const aside = (ref: string): string => ref.replace(/^.*\//, 'proofbook-test-aside/')

beforeAll(async () => {
  here = await listed(images('list', '--json'))
  const { exit, stderr } = await images('export', file, ...names.flatMap((name) => ['--only', name]))
  expect(exit, stderr).toBe(0)
  for (const ref of refs()) await run(['docker', 'tag', ref, aside(ref)])
  for (const ref of refs()) await run(['docker', 'image', 'rm', ref])
})

afterAll(async () => {
  for (const ref of refs()) {
    await run(['docker', 'tag', aside(ref), ref])
    await run(['docker', 'image', 'rm', aside(ref)])
  }
  rmSync(folder, { recursive: true })
})

test('a machine without the parts lists them as not here', async () => {
  expect(here.map(({ name, present }) => [name, present])).toEqual(names.map((name) => [name, true]))
  expect((await listed(elsewhere('list', '--json'))).map(({ present }) => present)).toEqual(names.map(() => false))
})

test('a damaged file is refused with what was received and expected, and nothing is loaded', async () => {
  const bytes = zstdDecompressSync(readFileSync(file))
  // in the middle of images.tar: a byte of a file in a layer
  bytes[bytes.length >> 1]! ^= 1
  writeFileSync(damaged, zstdCompressSync(bytes))
  const { exit, stderr } = await elsewhere('import', damaged)
  expect(exit).toBe(3)
  expect(stderr).toMatch(/is damaged: nothing was loaded\n {2}images\.tar: received sha256:[0-9a-f]{64}, expected sha256:[0-9a-f]{64}/)
  for (const ref of refs()) expect(await findImage(ref)).toBeUndefined()
  expect((await listed(elsewhere('list', '--json'))).some(({ present }) => present)).toBe(false)
})

test('a whole file brings the same images and programs', async () => {
  const { exit, stderr } = await elsewhere('import', file)
  expect(exit, stderr).toBe(0)
  expect(await listed(elsewhere('list', '--json'))).toEqual(here)
})
