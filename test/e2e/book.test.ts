/** Pages of the book that every change must leave true, each verified in a lab. All of them run at night. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Result } from '../../src/report/result.ts'
import { labGone } from './lab-gone.ts'
import { eachIsVerified, verified } from './pages.ts'
import { proofbook } from './proofbook.ts'

const LAB = 'e2e-book'

// One after the other: each has a cluster, and most count what is lost of its traffic while nodes die. Another cluster
// that boots beside it takes both cores of a small machine, and what is lost then tells of the machine.
// Those that run with Cilium are in cilium.test.ts.
const alone = [
  'haproxy/external-load-balancer', 'haproxy/health-checks', 'haproxy/client-address',
  'cni/know-your-cni', 'cni/flannel', 'cni/flannel-after-power-loss', 'cni/flannel-to-cilium',
] as const

/** Without a cluster, two labs side by side: most blocks wait for something. The second lab is called after the first. */
const besides = ['haproxy/virtual-ip', 'haproxy/high-availability', 'haproxy/operate'] as const
const labs = [LAB, `${LAB}-2`]

const ids = [...alone, ...besides]
let results: readonly Result[]

beforeAll(async () => {
  expect((await proofbook(['setup', '--yes'])).exit).toBe(0)
  results = [...await verified(alone, LAB), ...await verified(besides, LAB, labs.length)]
})

afterAll(async () => {
  for (const lab of labs) await labGone(lab)
})

eachIsVerified(ids, () => results, LAB)

test('a result names the versions that ran, and where each image came from', () => {
  const { versions, images } = results.find(({ runbook }) => runbook === 'haproxy/external-load-balancer')!
  expect(versions).toMatchObject({ haproxy: expect.stringMatching(/^2\.6/), kubernetes: expect.stringMatching(/^v1\.36/), traefik: expect.stringMatching(/3\.6\.12/) })
  expect(images.length).toBeGreaterThan(0)
})
