import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { outputs, scratch } from '../../../src/lab/cache.ts'
import { lanes } from '../../../src/lab/images/lanes.ts'
import { owner } from '../../../src/lab/owner.ts'
import { product, sweepScratch, type Context } from '../../../src/lab/images/product.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'proofbook-test-'))
  vi.stubEnv('XDG_CACHE_HOME', folder)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const context = (signal = new AbortController().signal): Context => ({
  signal,
  inLane: lanes(signal),
  made: new Map(),
  go: () => Promise.reject(new Error('no Go in this test')),
  progress: { stage: (_, work) => work(() => {}), note: () => {} },
})

const listed = (path: string): string[] => existsSync(path) ? readdirSync(path) : []

test('a product is made once, with its inputs, and found by the next process', async () => {
  let builds = 0
  const base = product('base', 1, [], async (out) => { builds++; writeFileSync(join(out, 'text'), 'base') })
  const top = product('top', 1, [base], async (out, [from]) => {
    builds++
    writeFileSync(join(out, 'text'), `${readFileSync(join(from, 'text'), 'utf8')} and top`)
  })
  const same = context()
  const [one, two] = await Promise.all([top.make(same), top.make(same), base.make(same)])
  expect(one).toBe(two)
  expect(readFileSync(join(one, 'text'), 'utf8')).toBe('base and top')
  expect(await top.make(context())).toBe(one)
  expect(builds).toBe(2)
  expect(listed(scratch())).toEqual([])
})

test('a changed recipe, or a changed input, is another product', () => {
  const make = (own: unknown, input: unknown) => product('top', own, [product('base', input, [], async () => {})], async () => {}).key
  const keys = [make(1, 1), make(2, 1), make(1, 2)]
  expect(new Set(keys).size).toBe(3)
  expect(make(1, 1)).toBe(keys[0])
  expect(keys[0]).toMatch(/^[0-9a-f]{12}$/)
})

test('what fails or is aborted half way does not exist, and leaves nothing', async () => {
  const broken = product('broken', 1, [], async (out) => {
    writeFileSync(join(out, 'half'), '')
    throw new Error('disk full')
  })
  await expect(broken.make(context())).rejects.toThrow('disk full')
  const abort = new AbortController()
  const stopped = product('stopped', 1, [], async (out) => {
    writeFileSync(join(out, 'whole'), '')
    abort.abort(new Error('interrupted'))
  })
  await expect(stopped.make(context(abort.signal))).rejects.toThrow('interrupted')
  expect([broken.exists(), stopped.exists()]).toEqual([false, false])
  expect([...listed(outputs()), ...listed(scratch())]).toEqual([])
})

test('leftovers of dead processes are swept, those of living ones stay', async () => {
  // the largest pid that Linux gives is 2^22
  for (const name of ['4194305-dead', '4194305.7-dead', `${process.pid}.7-reused`, `${process.pid}-alive`, `${process.pid}.${owner().started}-alive`, 'stray']) mkdirSync(join(scratch(), name), { recursive: true })
  await sweepScratch()
  expect(listed(scratch()).sort()).toEqual([`${process.pid}-alive`, `${process.pid}.${owner().started}-alive`])
})

test('a lane runs one at a time, in order, and lets the next in after a failure', async () => {
  const inLane = lanes(new AbortController().signal)
  const log: string[] = []
  const work = (name: string, fails = false) => inLane('compile', async () => {
    log.push(`${name} starts`)
    await new Promise((resolve) => { setTimeout(resolve, 5) })
    log.push(`${name} ends`)
    if (fails) throw new Error(name)
  })
  await Promise.allSettled([work('a', true), work('b'), work('c')])
  expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends'])
})
