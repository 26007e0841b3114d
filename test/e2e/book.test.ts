/** Pages of the book that every change must leave true, each verified in a lab. All of them run at night. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Proven } from '../../src/cli/verify/one.ts'
import type { Result } from '../../src/report/result.ts'
import { proofbook } from './proofbook.ts'

/** Two labs side by side: most blocks wait for something. The second one is called after the first. */
const LAB = 'e2e-book'
const labs = [LAB, `${LAB}-2`]

const ids = [
  // haproxy/external-load-balancer has a test of its own
  'haproxy/virtual-ip', 'haproxy/high-availability', 'haproxy/health-checks', 'haproxy/client-address', 'haproxy/operate',
  'cni/know-your-cni', 'cni/flannel', 'cni/flannel-after-power-loss', 'cni/flannel-to-cilium',
] as const

let results: readonly Result[]

beforeAll(async () => {
  expect((await proofbook(['setup', '--yes'])).exit).toBe(0)
  const { stdout } = await proofbook(['verify', ...ids, '--on', 'kind', '--lab', LAB, '--parallel', String(labs.length), '--json'])
  results = (JSON.parse(stdout) as { results: readonly Proven[] }).results.map(({ result }) => result)
})

afterAll(async () => {
  for (const lab of labs) {
    await proofbook(['lab', 'down', '--lab', lab])
    const { stdout } = await promisify(execFile)('docker', ['ps', '--all', '--quiet', '--filter', `label=proofbook.lab=${lab}`])
    expect(stdout, 'containers left behind').toBe('')
  }
})

describe('verified: no retry, nothing left behind', () => {
  test.each(ids)('%s', (id) => {
    const result = results.find(({ runbook }) => runbook === id)
    expect(result?.failure).toBeUndefined()
    expect(result).toMatchObject({ verdict: 'verified', retries: 0, leftBehind: [] })
  })
})
