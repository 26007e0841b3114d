/** The matrix that has to fail where nothing enforces policies (probe.test.ts, on its lab with Flannel) holds with Cilium. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bringUp, down, type Lab } from '../../src/lab/lab.ts'
import { topologyOf } from '../../src/lab/topology/plan.ts'
import { LABEL } from '../../src/probe/manifests.ts'
import type { Progress } from '../../src/report/progress.ts'
import { measuredIn } from './enforcement.ts'

const LAB = 'e2e-enforcement'
const { signal } = new AbortController()
const progress: Progress = {
  stage: (label, work) => { console.error(label); return work(() => undefined) },
  note: line => console.error(line),
}
let lab: Lab

// Two nodes: some flows stay on one, others cross.
beforeAll(async () => {
  lab = await bringUp({ name: LAB, target: 'kind', cni: 'cilium', topology: topologyOf({ name: 'custom', servers: 1, agents: 1, machines: [], ingress: false }) }, progress, { signal })
})

afterAll(async () => {
  const left = await lab?.kubectl(['get', 'namespaces', '--selector', LABEL, '--output=name'])
  await down(LAB)
  expect(left, 'namespaces left behind').toBe('')
})

test('Cilium does what the policies say, in every cell', async () => {
  const { exit, told: { summary, cells, enforcer } } = await measuredIn(LAB)
  expect(cells.filter(({ ok }) => !ok).map(({ flow, why }) => `${flow}: ${why}`)).toEqual([])
  expect(exit).toBe(0)
  expect(enforcer).toBe('Cilium')
  expect(summary).toMatchObject({ cells: 36, held: 36, differ: 0, enforced: true })
  expect(cells.filter(({ expect: expected }) => expected === 'deny').every(({ outcome }) => outcome === 'drop')).toBe(true)
})
