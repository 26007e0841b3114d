/**
 * What is written for other engines, by their schemas. GitLab's is pinned here. Those of the Argo Workflow and the JobSet are of
 * their own releases, which the Go module proxy has; an unknown key is refused too. Without Go, or where the proxy refuses, it
 * says so and is not run.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { z } from 'astro/zod'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { findGo } from '../../../src/lab/images/go.ts'
import { engines } from '../../../src/matrix/engines/index.ts'
import { matrixPlan } from '../../../src/matrix/plan.ts'
import { complaints as complaintsOf } from '../ci/schema.ts'

type Schema = Record<string, any>

const go = await findGo()

function moduleFolder(module: string): string | undefined {
  if (go === undefined) return undefined
  const { status, stdout } = spawnSync(go.path, ['mod', 'download', '-json', module], { encoding: 'utf8', env: { ...process.env, ...go.env }, cwd: '/', timeout: 50_000 })
  return status === 0 ? (JSON.parse(stdout) as { Dir: string }).Dir : undefined
}

const argo = moduleFolder('github.com/argoproj/argo-workflows/v3@v3.7.0')
const jobset = moduleFolder('sigs.k8s.io/jobset@v0.8.0')

/** As an API server that refuses unknown fields (`--validate=strict`) reads it. */
function strict(schema: Schema): Schema {
  if (Array.isArray(schema)) return schema.map(strict)
  if (schema === null || typeof schema !== 'object') return schema
  if (schema['x-kubernetes-int-or-string'] === true) return { anyOf: [{ type: 'integer' }, { type: 'string' }] }
  const { description: _, default: __, format: ___, ...rest } = schema
  const own = Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith('x-kubernetes')).map(([key, value]) =>
    [key, key === 'properties' ? Object.fromEntries(Object.entries(value as Schema).map(([name, one]) => [name, strict(one as Schema)])) : strict(value as Schema)]))
  return own.properties === undefined || own.additionalProperties !== undefined ? own : { ...own, additionalProperties: false }
}

const compile = (schema: Schema) => z.fromJSONSchema(strict(schema) as Parameters<typeof z.fromJSONSchema>[0])

const complaints = (schema: z.ZodType, value: unknown): string[] =>
  schema.safeParse(value).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []

function crd(file: string, version: string): Schema {
  const { spec } = parse(readFileSync(file, 'utf8'))
  const schema = spec.versions.find(({ name }: { name: string }) => name === version).schema.openAPIV3Schema
  // of metadata a CRD says only that it is an object
  return { ...schema, properties: { ...schema.properties, metadata: {} } }
}

const plan = matrixPlan([{ id: 'a/b', target: 'kind', topology: 'cluster', cni: 'any' }, { id: 'a/c', target: 'kind', topology: 'cluster', cni: 'any' }], 2, { cell: () => 60_000, lab: () => 60_000 }, ['--on', 'kind'])
const write = (name: string): string => engines.find(engine => engine.name === name)!.write(plan, { image: 'node:24', repository: 'https://example.com/book', revision: 'main' })

const cases = [
  { name: 'argo', from: argo, file: 'manifests/base/crds/full/argoproj.io_workflows.yaml', version: 'v1alpha1', read: () => parse(write('argo')) },
  { name: 'jobset', from: jobset, file: 'config/components/crd/bases/jobset.x-k8s.io_jobsets.yaml', version: 'v1alpha2', read: () => parseAllDocuments(write('jobset'))[1]!.toJS() },
]

describe.each(cases)('$name', ({ from, file, version, read }) => {
  const without = from === undefined ? 'not run: no Go here, or its module proxy refused the release' : ''
  test.skipIf(without !== '')(`takes what is written${without && ` (${without})`}`, () => {
    const schema = compile(crd(`${from}/${file}`, version))
    expect(complaints(schema, read())).toEqual([])
    expect(complaints(schema, { ...read(), spec: { ...read().spec, shards: 2 } }).join()).toContain('shards')
    expect(complaints(schema, { ...read(), spec: { ...read().spec, ...version === 'v1alpha2' ? { replicatedJobs: 'verify' } : { templates: 'verify' } } })).not.toEqual([])
  })
})

test('GitLab takes its pipeline, and would refuse another', () => {
  const pipeline = parse(write('gitlab'))
  expect(complaintsOf('gitlab-ci', pipeline)).toEqual([])
  expect(complaintsOf('gitlab-ci', { ...pipeline, verify: { ...pipeline.verify, parallel: { matrix: { SHARD: ['1/1'] } } } })).not.toEqual([])
  expect(complaintsOf('gitlab-ci', { ...pipeline, merge: { ...pipeline.merge, when: 'afterwards' } })).not.toEqual([])
  expect(complaintsOf('gitlab-ci', { ...pipeline, merge: { ...pipeline.merge, shards: 2 } })).not.toEqual([])
})
