/** Whether an image registry is asked, by a Docker that only writes down what it was told. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import type { Context } from '../../../src/lab/images/product.ts'
import { registry } from '../../../src/lab/images/registry.ts'

afterEach(() => { vi.unstubAllEnvs() })

function docker(exit: number): () => string[] {
  const folder = mkdtempSync(join(tmpdir(), 'proofbook-docker-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'told'), '')
  writeFileSync(join(folder, 'docker'), `#!/bin/sh\necho "$@" >> ${folder}/told\nexit ${exit}\n`)
  chmodSync(join(folder, 'docker'), 0o755)
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
  return () => readFileSync(join(folder, 'told'), 'utf8').split('\n').filter(Boolean)
}

const context = { signal: new AbortController().signal, progress: { stage: async (_: string, work: (update: () => void) => unknown) => work(() => undefined), note: () => undefined } } as unknown as Context

test('one that answers is asked for each image; one that refuses the first is asked for none', async () => {
  const told = docker(0)
  expect(await registry(context)('a/b:1')).toBe(true)
  expect(told()).toEqual([expect.stringMatching(/^pull \S*debian:/), 'pull a/b:1'])
  const refused = docker(1)
  const ask = registry(context)
  expect([await ask('a/b:1'), await ask('a/c:1')]).toEqual([false, false])
  expect(refused()).toHaveLength(1)
})

test('PROOFBOOK_REGISTRY=none asks nobody', async () => {
  const told = docker(0)
  vi.stubEnv('PROOFBOOK_REGISTRY', 'none')
  expect(await registry(context)('a/b:1')).toBe(false)
  expect(told()).toEqual([])
})
