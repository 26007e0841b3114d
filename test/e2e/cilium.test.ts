/**
 * One lab with Cilium: pages of the book that every change must leave true there, and the matrix that has to fail where
 * nothing enforces policies (probe.test.ts, on its lab with Flannel).
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kubeconfigPath } from '../../src/lab/cluster/kind.ts'
import { ensureImages } from '../../src/lab/images/ensure.ts'
import { run } from '../../src/lab/images/run.ts'
import { bringUp, down, type Lab } from '../../src/lab/lab.ts'
import { topologyNamed } from '../../src/lab/topology/topologies.ts'
import { LABEL } from '../../src/probe/manifests.ts'
import type { Result } from '../../src/report/result.ts'
import { measuredIn } from './enforcement.ts'
import { eachIsVerified, verified } from './pages.ts'
import { progress } from './progress.ts'

const LAB = 'e2e-cilium'
// The second takes four minutes of leases that run out: every night, and whenever asked for.
const ids = ['cni/cilium-crashloop-recovery', ...process.env.PROOFBOOK_LONG === '1' ? ['cni/cilium-load-balancer'] : []]
const { signal } = new AbortController()
let lab: Lab
let results: readonly Result[]

beforeAll(async () => {
  lab = await bringUp({ name: LAB, target: 'kind', cni: 'cilium', topology: topologyNamed('cluster') }, progress, { signal })
  results = await verified(ids, LAB)
})

afterAll(async () => {
  const left = await lab?.kubectl(['get', 'namespaces', '--selector', LABEL, '--output=name'])
  await down(LAB)
  expect(left, 'namespaces left behind').toBe('')
})

eachIsVerified(ids, () => results, LAB)

test('Cilium does what the policies say, in every cell', async () => {
  const { exit, told: { summary, cells, enforcer } } = await measuredIn(LAB)
  expect(cells.filter(({ ok }) => !ok).map(({ flow, why }) => `${flow}: ${why}`)).toEqual([])
  expect(exit).toBe(0)
  expect(enforcer).toBe('Cilium')
  expect(summary).toMatchObject({ cells: 36, held: 36, differ: 0, enforced: true })
  expect(cells.filter(({ expect: expected }) => expected === 'deny').every(({ outcome }) => outcome === 'drop')).toBe(true)
})

test('what Helm has installed can be upgraded by Helm after a reset', async () => {
  const debug = (): Promise<string> => lab.kubectl(['--namespace=kube-system', 'get', 'configmap', 'cilium-config', '--output=jsonpath={.data.debug}'])
  await lab.kubectl(['--namespace=kube-system', 'patch', 'configmap', 'cilium-config', '--patch={"data":{"debug":"true","by-hand":"x"}}'])
  await lab.kubectl(['delete', 'clusterrolebinding', 'cilium-operator'])
  expect(await lab.reset(signal)).toMatchObject({ pristine: true, left: [] })
  expect(await debug()).toBe('false')

  const { helm, ciliumChart } = await ensureImages(progress, { cni: 'cilium' })
  await run([helm!, 'upgrade', 'cilium', ciliumChart!, '--namespace', 'kube-system', '--reuse-values', '--set', 'debug.enabled=true',
    '--kubeconfig', kubeconfigPath(lab.folder)], { signal })
  expect(await debug()).toBe('true')
})
