/** Workflows and actions: sound by GitHub's own rules as actionlint knows them, and by the rules of this repository. */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { workflow } from '../../../src/author/init/workflow.ts'
import { nameOf } from '../../../scripts/nightly/next/attempt.ts'
import { actionlint } from './actionlint.ts'

interface Step { readonly uses?: string, readonly run?: string, readonly shell?: string, readonly with?: Readonly<Record<string, unknown>> }
interface Job { readonly 'runs-on'?: string, readonly 'timeout-minutes'?: unknown, readonly uses?: string, readonly steps?: readonly Step[], readonly permissions?: Readonly<Record<string, string>> }
interface Workflow { readonly on: unknown, readonly jobs: Readonly<Record<string, Job>>, readonly permissions?: Readonly<Record<string, string>> }

const root = fileURLToPath(new URL('../../..', import.meta.url))
const text = (file: string): string => readFileSync(join(root, file), 'utf8')
const workflows = globSync('.github/workflows/*.yml', { cwd: root }).sort()
const actions = globSync('.github/actions/*/action.yml', { cwd: root }).sort()

const yaml = (source: string): unknown => parse(source, { merge: true, maxAliasCount: 1_000 })
const jobsOf = (file: string): [string, Job][] => Object.entries((yaml(text(file)) as Workflow).jobs)
const stepsOf = (file: string): readonly Step[] => file.includes('/actions/') ? (yaml(text(file)) as { runs: { steps: Step[] } }).runs.steps
  : jobsOf(file).flatMap(([, job]) => [...job.steps ?? [], ...job.uses === undefined ? [] : [{ uses: job.uses }]])

test('there are all', () => {
  expect(workflows.map((file) => file.split('/').at(-1))).toEqual(['ci.yml', 'nightly.yml', 'pages.yml', 'release.yml', 'verify.yml'])
  expect(actions).toEqual(['.github/actions/plan/action.yml', '.github/actions/verify/action.yml'])
})

describe('actionlint', () => {
  const tool = actionlint()
  const lint = (files: Readonly<Record<string, string>>): string => {
    if ('missing' in tool) throw new Error(tool.missing)
    const folder = mkdtempSync(join(tmpdir(), 'proofbook-workflows-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    for (const [name, source] of Object.entries({ '.git/HEAD': '', ...files })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), source)
    }
    const { stdout, stderr } = spawnSync(tool.program, ['-no-color', '-oneline'], { cwd: folder, encoding: 'utf8' })
    return stdout + stderr
  }
  const ours = () => Object.fromEntries([...workflows, ...actions].map((file) => [file, text(file)]))

  test.skipIf('missing' in tool)('finds nothing in ours, nor in the one that init writes', () => {
    expect(lint({ ...ours(), '.github/workflows/runbooks.yml': workflow })).toBe('')
  })
  test.skipIf('missing' in tool).each([
    ['an input that the action does not have', 'arguments: ${{ matrix.arguments }}', 'argument: ${{ matrix.arguments }}', '"argument" is not defined'],
    ['an output that no step gives', 'steps.plan.outputs.matrix', 'steps.plam.outputs.matrix', '"plam" is not defined'],
    ['a job that is not there', 'needs: plan', 'needs: plann', '"plann" which does not exist'],
    ['a permission that GitHub does not know', 'permissions: { contents: read }', 'permissions: { content: read }', 'unknown permission scope "content"'],
  ])('would find %s', (_, before, after, message) => {
    const file = '.github/workflows/ci.yml'
    expect(text(file)).toContain(before)
    expect(lint({ ...ours(), [file]: text(file).replace(before, after) })).toContain(message)
  })
  test('was there', () => {
    if ('missing' in tool) console.warn(`workflows were not linted: ${tool.missing}`)
    if (process.env.CI) expect(tool).toHaveProperty('program')
  })
})

describe.each([...workflows, ...actions])('%s', (file) => {
  test('pins what is not of this repository by commit, with the version beside it', () => {
    const lines = text(file).split('\n').filter((line) => /^\s*(?:- )?uses:/.test(line)).map((line) => line.replace(/^\s*(?:- )?uses:\s*/, ''))
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.filter((line) => !/^(?:[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\.\/\.github\/[\w./-]+|proofbook\/proofbook\/\.github\/[\w./-]+@v0)$/.test(line))).toEqual([])
  })
  test('runs one script of this repository in a step, and no expression reaches a shell', () => {
    for (const { run } of stepsOf(file)) {
      if (run === undefined) continue
      expect(run).toMatch(/^(?:npm ci|npm run [a-z:]+|npm publish --provenance --access public|npm test -- [\w./ -]+|npm test -- --project \$\{\{ matrix\.project \}\}|npx proofbook [\w ./,-]+|node (?:scripts\/ci|"\$GITHUB_ACTION_PATH)\/[\w-]+\.ts"?(?: [a-z]+)?)$/)
      const script = /^node (?:"\$GITHUB_ACTION_PATH\/)?([^" ]+)/.exec(run)?.[1]
      if (script !== undefined) expect(existsSync(join(root, run.includes('GITHUB_ACTION_PATH') ? dirname(file) : '', script)), script).toBe(true)
      const npmScript = /^npm run (\S+)/.exec(run)?.[1]
      if (npmScript !== undefined) expect(JSON.parse(text('package.json')).scripts).toHaveProperty(npmScript)
    }
  })
})

describe.each(workflows)('%s', (file) => {
  test('ends every job, and gives each no right that it does not need', () => {
    const { permissions } = yaml(text(file)) as Workflow
    expect(permissions).toBeDefined()
    expect(Object.values(permissions ?? {}).filter((right) => right !== 'read')).toEqual([])
    for (const [name, job] of jobsOf(file)) {
      if (job.uses === undefined) expect(job['timeout-minutes'], name).toBeDefined()
      if (job.uses === undefined) expect(job['runs-on'], name).toBe('ubuntu-24.04')
      const writes = Object.entries(job.permissions ?? {}).filter(([, right]) => right === 'write').map(([scope]) => scope)
      expect(writes, name).toEqual(RIGHTS[`${file.split('/').at(-1)} ${name}`] ?? [])
    }
  })
  test('leaves no token in a checkout', () => {
    for (const { uses, with: given } of stepsOf(file)) if (uses?.startsWith('actions/checkout@')) expect(given).toMatchObject({ 'persist-credentials': false })
  })
})

/** Jobs that may write, and what. */
const RIGHTS: Readonly<Record<string, readonly string[]>> = {
  'nightly.yml merge': ['id-token', 'attestations'],
  'nightly.yml tell': ['issues'],
  'nightly.yml site': ['pages', 'id-token'],
  'pages.yml deploy': ['pages', 'id-token'],
  'release.yml publish': ['id-token'],
  'release.yml release': ['contents'],
}

test('what is newer than the pins is tried beside the night: nothing reads what it leaves, and nothing fails with it', () => {
  const jobs = Object.fromEntries(jobsOf('.github/workflows/nightly.yml')) as Record<string, Job & { needs?: string | string[], 'continue-on-error'?: boolean }>
  const early = ['watch', 'next']
  for (const name of early) expect([jobs[name]!['continue-on-error'], jobs[name]!.permissions], name).toEqual([true, undefined])
  for (const [name, { needs = [] }] of Object.entries(jobs)) if (!early.includes(name)) expect([needs].flat().filter(other => early.includes(other)), name).toEqual([])
  const names = stepsOf('.github/workflows/nightly.yml').filter(({ uses }) => uses?.startsWith('actions/download-artifact@')).map(({ with: given }) => given?.pattern ?? given?.name)
  expect(new Set(names)).toEqual(new Set(['results-*', 'night']))
  const kept = jobs.next!.steps!.filter(({ uses }) => uses?.startsWith('actions/upload-artifact@')).map(({ with: given }) => given)
  expect(kept).toMatchObject([{ name: '${{ matrix.name }}', path: '.proofbook/next' }])
  // what `name` of the matrix is: never `night`, never `results-...`
  expect(nameOf({ component: 'night', to: 'v1' })).toBe('next-night-v1')
})

test('one version of an action in all of them', () => {
  const pins = Object.groupBy([...workflows, ...actions].flatMap((file) => text(file).match(/[\w-]+\/[\w-]+@[0-9a-f]{40} # \S+/g) ?? []), (pin) => pin.split('@')[0]!)
  expect(Object.values(pins).map((found) => new Set(found).size).filter((size) => size !== 1)).toEqual([])
})
