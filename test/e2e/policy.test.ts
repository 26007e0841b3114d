/** `policy matrix` on real clusters: what they do, against what the reference evaluator says of the same policies. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bringUp, down, type Lab } from '../../src/lab/lab.ts'
import { topologyNamed } from '../../src/lab/topology/topologies.ts'
import { LABEL } from '../../src/probe/manifests.ts'
import { proofbook } from './proofbook.ts'
import { progress } from './progress.ts'

const { signal } = new AbortController()
const SEMANTICS = 'test/fixtures/policy/semantics.yaml'

interface Told {
  readonly summary: { readonly cells: number, readonly held: number, readonly differ: number, readonly enforced: boolean }
  readonly ms: number
  readonly passes: number
  readonly cells: readonly { readonly flow: string, readonly ok: boolean | null, readonly why: string, readonly outcome: string }[]
}

const matrix = async (lab: string, file: string): Promise<{ exit: number | null, told: Told }> => {
  const { exit, stdout } = await proofbook(['policy', 'matrix', file, '--lab', lab, '--json'])
  return { exit, told: JSON.parse(stdout) as Told }
}

const on = (name: string, cni: 'cilium' | 'flannel', tests: () => void): void => void describe(cni, () => {
  let lab: Lab
  beforeAll(async () => { lab = await bringUp({ name, target: 'kind', cni, topology: topologyNamed('cluster') }, progress, { signal }) })
  afterAll(async () => {
    const left = await lab?.kubectl(['get', 'namespaces', '--selector', LABEL, '--output=name'])
    await down(name)
    expect(left).toBe('')
  })
  tests()
})

on('e2e-policy', 'cilium', () => {
  test('does what NetworkPolicy says, in every cell of the table', async () => {
    const { exit, told } = await matrix('e2e-policy', SEMANTICS)
    expect(told.cells.filter(({ ok }) => ok !== true).map(({ flow, why }) => `${flow}: ${why}`)).toEqual([])
    expect(told.summary.cells).toBeGreaterThanOrEqual(450)
    expect(exit).toBe(0)
  })

  test('measures 1,000 cells in less than a minute, at a cost in line with their number', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'proofbook-'))
    const sized = async (ports: number): Promise<Told> => {
      const pods = ['a', 'b', 'c'].flatMap(namespace => ['web', 'api', 'db'].map(name =>
        `  - { name: ${name}, namespace: ${namespace}, labels: { app: ${name} }, ports: [${Array.from({ length: ports }, (_, port) => `{ port: ${8001 + port} }`).join(', ')}] }`))
      await writeFile(join(folder, 'p.yaml'), 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: deny, namespace: a }\nspec: { podSelector: { matchLabels: { app: db } }, policyTypes: [Ingress] }\n')
      await writeFile(join(folder, 'm.yaml'), `pods:\n${pods.join('\n')}\npolicies: [p.yaml]\n`)
      return (await matrix('e2e-policy', join(folder, 'm.yaml'))).told
    }
    const [small, large] = [await sized(3), await sized(14)]
    await rm(folder, { recursive: true })
    const each = ({ ms, passes, summary }: Told): number => ms / passes / summary.cells
    console.error(`${small.summary.cells} cells ${Math.round(small.ms)} ms, ${large.summary.cells} cells ${Math.round(large.ms)} ms: a cell costs ${(each(large) / each(small)).toFixed(2)} times as much`)
    expect(large.summary).toMatchObject({ cells: 1008, held: 1008 })
    expect(large.ms).toBeLessThan(60_000)
    expect(each(large)).toBeLessThan(2 * each(small))
  })
})

on('e2e-unenforced', 'flannel', () => {
  test('enforces nothing: every cell that should be denied differs, and no other', async () => {
    const { exit, told } = await matrix('e2e-unenforced', SEMANTICS)
    expect(exit).toBe(1)
    expect(told.summary.enforced).toBe(false)
    expect(told.cells.filter(({ ok }) => ok === false).every(({ outcome }) => outcome === 'allow')).toBe(true)
    expect(told.summary.differ).toBeGreaterThan(150)
  })
})
