/** Pages of the book that every change must leave true, each verified in a lab. All of them run at night. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Proven } from '../../src/cli/verify/one.ts'
import type { Result } from '../../src/report/result.ts'
import { proofbook } from './proofbook.ts'

const LAB = 'e2e-book'

/** Pages of one list share a lab, so that each costs what its own blocks take. */
const chapters = [
  ['on a cluster with Flannel', ['cni/flannel', 'cni/know-your-cni']],
  ['from Flannel to Cilium', ['cni/flannel-to-cilium']],
] as const

beforeAll(async () => {
  expect((await proofbook(['setup', '--yes'])).exit).toBe(0)
})

afterAll(async () => {
  await proofbook(['lab', 'down', '--lab', LAB])
  const { stdout } = await promisify(execFile)('docker', ['ps', '--all', '--quiet', '--filter', `label=proofbook.lab=${LAB}`])
  expect(stdout, 'containers left behind').toBe('')
})

describe.each(chapters)('%s', (_, ids) => {
  let results: readonly Result[]

  beforeAll(async () => {
    const { stdout } = await proofbook(['verify', ...ids, '--on', 'kind', '--lab', LAB, '--json'])
    const told = JSON.parse(stdout) as { result?: Result, results?: readonly Proven[] }
    results = told.results?.map(({ result }) => result) ?? [told.result!]
  })

  test.each(ids)('%s is verified: no retry, nothing left behind', (id) => {
    const result = results.find(({ runbook }) => runbook === id)
    expect(result?.failure).toBeUndefined()
    expect(result).toMatchObject({ verdict: 'verified', retries: 0, leftBehind: [] })
  })
})
