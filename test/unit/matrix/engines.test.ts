/** What each engine is told, read back as the engine would read it. */
import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import type { Cell } from '../../../src/matrix/cells.ts'
import { engines } from '../../../src/matrix/engines/index.ts'
import { mergeLines, verifyLines } from '../../../src/matrix/engines/shell.ts'
import { matrixPlan } from '../../../src/matrix/plan.ts'

const cells = ['a/one', 'a/two', 'b/three', 'b/four', 'c/five'].map((id): Cell => ({ id, target: 'kind', topology: 'cluster', cni: 'any' }))
const plan = matrixPlan(cells, 3, { cell: () => 600_000, lab: () => 60_000 }, ['--on', 'kind', '--cni', 'flannel,cilium'])
const options = { image: 'node:24-bookworm', repository: 'https://example.com/book', revision: 'v1' }
const write = (name: string): string => engines.find(engine => engine.name === name)!.write(plan, options)
const shards = ['1/3', '2/3', '3/3']

test('GitHub: one line, a job for each shard, all runbooks in them', () => {
  const text = write('github')
  expect(text.trimEnd()).not.toContain('\n')
  const { include } = JSON.parse(text) as { include: Record<string, unknown>[] }
  expect(include.map(({ shard }) => shard)).toEqual(shards)
  expect(include.flatMap(({ runbooks }) => String(runbooks).split(' ')).toSorted()).toEqual(cells.map(({ id }) => id).toSorted())
  for (const { name, timeout, minutes, arguments: words } of include) {
    // a name of an artefact: none of " : < > | * ? \ /
    expect(name).toMatch(/^[\w-]+$/)
    expect(timeout).toBeGreaterThan(Number(minutes))
    expect(words).toBe('--on kind --cni flannel,cilium')
  }
})

test('GitLab: a parallel matrix over the shards, and a merging that also runs after a failure', () => {
  const { stages, verify, merge } = parse(write('gitlab'))
  expect(verify.parallel).toEqual({ matrix: [{ SHARD: shards }] })
  expect(verify.script).toContain('npx proofbook verify --on kind --cni flannel,cilium --shard "$SHARD"')
  expect([stages.includes(verify.stage), stages.includes(merge.stage), merge.when]).toEqual([true, true, 'always'])
  expect(verify.artifacts.when).toBe('always')
})

test('Argo: the shards at once, then the merging, whatever became of a shard', () => {
  const { apiVersion, kind, spec } = parse(write('argo'))
  expect([apiVersion, kind]).toEqual(['argoproj.io/v1alpha1', 'Workflow'])
  const named = (name: string) => spec.templates.find((template: { name: string }) => template.name === name)
  const [[verify], [merge]] = named(spec.entrypoint).steps
  expect(verify).toMatchObject({ withItems: shards, continueOn: { failed: true }, template: 'verify' })
  expect(named(verify.template).container).toMatchObject({ securityContext: { privileged: true }, command: ['bash', '-c'] })
  expect(named(merge.template).container.securityContext).toBeUndefined()
  const volumes = [...spec.volumeClaimTemplates.map((claim: { metadata: { name: string } }) => claim.metadata.name), ...named('verify').volumes.map(({ name }: { name: string }) => name)]
  for (const { name } of named('verify').container.volumeMounts) expect(volumes).toContain(name)
})

test('JobSet: an index for each shard, the merging after them, a claim that all share', () => {
  const [claim, jobset] = parseAllDocuments(write('jobset')).map(document => document.toJS())
  expect(claim.kind).toBe('PersistentVolumeClaim')
  const [verify, merge] = jobset.spec.replicatedJobs
  expect(verify.template.spec).toMatchObject({ completionMode: 'Indexed', completions: 3, parallelism: 3 })
  expect(merge.dependsOn).toEqual([{ name: verify.name, status: 'Complete' }])
  const pod = verify.template.spec.template.spec
  expect(pod.volumes.map(({ name }: { name: string }) => name).toSorted()).toEqual(pod.containers[0].volumeMounts.map(({ name }: { name: string }) => name).toSorted())
  expect(pod.volumes[0].persistentVolumeClaim.claimName).toBe(claim.metadata.name)
  // an index counts from 0, a shard from 1
  const [, first] = pod.containers[0].args[0].split('\n')
  const shard = spawnSync('bash', ['-c', `${first}; printf %s "$SHARD"`], { env: { JOB_COMPLETION_INDEX: '2' }, encoding: 'utf8' })
  expect(shard.stdout).toBe('3/3')
})

describe('the lines of a shard', () => {
  test.each([['verify', verifyLines(plan, options)], ['merge', mergeLines(plan, options)]])('%s is bash', (_, lines) => {
    expect(spawnSync('bash', ['-n'], { input: lines.join('\n'), encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  })

  test('no word of the command line becomes a command', () => {
    const sly = matrixPlan(cells, 1, { cell: () => 1, lab: () => 1 }, ['a/one; touch pwned', "it's"])
    const line = verifyLines(sly, { ...options, revision: '$(touch pwned)' }).join('\n')
    expect(line).toContain(`'a/one; touch pwned' 'it'\\''s'`)
    expect(line).toContain(`'$(touch pwned)'`)
  })

  test('merging fails where a shard failed, and where one never came', () => {
    const last = mergeLines(plan, options).at(-1)!
    const ends = (codes: string): number | null => spawnSync('bash', ['-c', last.replace('cat /shards/*/exit', `printf '${codes}'`)]).status
    expect(ends('0\\n0\\n0\\n')).toBe(0)
    expect(ends('0\\n1\\n0\\n')).toBe(1)
    expect(ends('0\\n0\\n')).toBe(1)
  })
})
