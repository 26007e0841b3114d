/** Early warning: which releases, which pages, what a scratch checkout does with them, and the workflow's script as it is called. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { attempt, tellsOf } from '../../../scripts/nightly/next/attempt.ts'
import { releasesOf, sampleOf, wordsFor, type Candidate } from '../../../scripts/nightly/next/candidates.ts'
import { annotationOf, outcomeOf } from '../../../scripts/nightly/next/tell.ts'
import { anyGo } from '../../../src/lab/images/go.ts'
import { labKey, type Cell } from '../../../src/matrix/cells.ts'
import { loadOf, type Costs } from '../../../src/matrix/deal.ts'
import { components } from '../../../src/versions/components.ts'
import { blockResult, sampleResult } from '../report/sample.ts'
import { folder, root, step } from './step.ts'

vi.setConfig({ testTimeout: 300_000 })

const candidate: Candidate = { component: 'coredns', from: 'v1.14.2', to: 'v1.14.7', newest: 'patch', runbooks: ['haproxy/lb'], of: 3, words: [], build: true }

describe('releases', () => {
  test.each([
    [['v1.14.2'], ['v1.14.3', 'v1.14.7', 'v1.15.0', 'v1.16.0-rc.1'], ['v1.14.2 v1.14.7 patch', 'v1.14.2 v1.15.0 minor']],
    // the newest minor of the one pin is the newest patch of the other: once
    [['v1.19.7', 'v1.20.1'], ['v1.19.8', 'v1.20.2'], ['v1.19.7 v1.19.8 patch', 'v1.20.1 v1.20.2 patch']],
    [['v1.14.2'], ['v1.14.2', 'v1.13.9'], []],
  ])('of %j, with %j in the registry', (pins, releases, expected) => {
    expect(releasesOf({ name: 'x', pins }, { releases }).map(({ from, to, newest }) => `${from} ${to} ${newest}`)).toEqual(expected)
  })
  test('of a registry that was not asked there are none', () => expect(releasesOf({ name: 'x', pins: ['v1.0.0'] }, { notAsked: 'x' })).toEqual([]))
  test('of Cilium say which of the two a lab is to run', () => {
    expect(wordsFor({ ...candidate, component: 'cilium', to: 'v1.20.2' })).toEqual(['--cilium-version', '1.20'])
    expect(wordsFor(candidate)).toEqual([])
  })
})

describe('pages of a candidate', () => {
  const costs: Costs = { cell: ({ id }) => Number(id.split('-')[1]), lab: () => 75 }
  const anyCells = fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.constantFrom('cluster', 'load-balancer'), fc.constantFrom('flannel', 'cilium')), { minLength: 1, maxLength: 30 })
    .map(all => all.map(([cost, topology, cni], index): Cell => ({ id: `${index}-${cost}`, target: 'kind', topology, cni })))
  test('fit the time, or are the shortest one; with time enough they are all', () => {
    fc.assert(fc.property(anyCells, fc.integer({ min: 0, max: 2_000 }), (cells, within) => {
      const chosen = sampleOf(cells, within, costs)
      expect(new Set(chosen).size).toBe(chosen.length)
      expect(chosen.length === 1 || loadOf(chosen, costs) <= within).toBe(true)
      expect(costs.cell(chosen[0]!)).toBe(Math.min(...cells.map(cell => costs.cell(cell))))
      expect(sampleOf(cells, Infinity, costs)).toHaveLength(cells.length)
    }))
  })
  test('go to every lab before one lab gets two', () => {
    fc.assert(fc.property(anyCells, (cells) => {
      const labs = new Set(cells.map(labKey))
      expect(new Set(sampleOf(cells, Infinity, costs).slice(0, labs.size).map(labKey))).toEqual(labs)
    }))
  })
})

describe('what is told', () => {
  const node = (note: string) => ({ versions: {}, images: [{ name: 'proofbook/node', version: 'v1', supply: 'built' as const, id: 'x', note }] })
  test.each([
    ['a version that was read', { versions: { coredns: '1.14.7' }, images: [] }, 'coredns', 'v1.14.7', true],
    ['an older one', { versions: { coredns: '1.14.2' }, images: [] }, 'coredns', 'v1.14.7', false],
    ['a note of an image', node('containerd v2.3.4 and runc v1.4.4 from Go modules'), 'runc', 'v1.4.4', true],
    ['a longer number', node('runc v1.4.40'), 'runc', 'v1.4.4', false],
    ['the number of something else', node('containerd v1.4.4, runc v1.4.3'), 'runc', 'v1.4.4', false],
  ])('%s: whether a lab had the release', (_, result, component, to, expected) => expect(tellsOf(result, { component, to })).toBe(expected))

  const page = (verdict: 'verified' | 'flaky' | 'failed' | 'infrastructure-error', there = true) => ({ runbook: 'haproxy/lb', verdict, there })
  test.each([
    ['holds', [page('verified'), page('flaky')], 'notice'], ['unseen', [page('verified'), page('verified', false)], 'notice'],
    ['warn', [page('verified'), page('failed', false), page('infrastructure-error')], 'warning'], ['unknown', [page('verified'), page('infrastructure-error')], 'warning'],
  ] as const)('%s: %j is a %s, never an error', (outcome, pages, command) => {
    const done = { candidate, pages, exit: 1 }
    expect(outcomeOf(done)).toBe(outcome)
    expect(annotationOf(done)).toMatch(new RegExp(`^::${command} title=coredns v1\\.14\\.7::[^\n]*\n$`))
  })
})

/** A stand-in for this repository: its compiler writes the pin into the program, whose `verify` tells which pin it was compiled with. */
function standIn(): string {
  const cwd = folder({
    'package.json': JSON.stringify({ name: 'proofbook', type: 'module', scripts: { compile: 'node compile.mjs' } }),
    '.gitignore': 'dist/\n.proofbook/\n',
    'pins.txt': 'v1.14.2',
    'compile.mjs': `import { cpSync, mkdirSync, readFileSync } from 'node:fs'
if (readFileSync('pins.txt', 'utf8') === 'v1.14.999') throw new Error('types do not agree')
mkdirSync('dist/cli', { recursive: true })
cpSync('program.mjs', 'dist/cli/main.js')
cpSync('pins.txt', 'dist/cli/pin')
`,
    'program.mjs': `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { sealed } from ${JSON.stringify(join(root, 'src/report/digest.ts'))}
const [command, ...words] = process.argv.slice(2)
if (command === 'bump') {
  if (words[2] === 'v0.0.0') { console.error('received --to v0.0.0'); process.exit(2) }
  writeFileSync('pins.txt', words[2])
} else {
  const { verdict, failure, blocks, sample } = JSON.parse(process.env.STAND_IN)
  mkdirSync('.proofbook/results', { recursive: true })
  const result = { ...sample, verdict, blocks, ...failure && { failure }, versions: { coredns: readFileSync(new URL('pin', import.meta.url), 'utf8').slice(1) } }
  writeFileSync('.proofbook/results/haproxy-lb.kind.json', JSON.stringify(sealed(result), undefined, 2))
  writeFileSync('.proofbook/results/told.txt', [process.env.PROOFBOOK_REGISTRY, ...words].join(' '))
  process.exit(verdict === 'verified' ? 0 : 1)
}
`,
  })
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args], { cwd, stdio: 'pipe' })
  git('init', '--quiet')
  git('add', '--all')
  git('commit', '--quiet', '--message', 'x')
  execFileSync(process.execPath, ['compile.mjs'], { cwd })
  return cwd
}

describe('node scripts/ci/next.ts verify', () => {
  const failure = { host: 'lb', kind: 'check' as const, name: 'is-up', line: 40, message: 'exit 1', received: '', expected: '', tail: '' }
  const holds = { verdict: 'verified', blocks: [blockResult()], sample: sampleResult() }
  const fails = { ...holds, verdict: 'failed', failure, blocks: [blockResult({ status: 'failed' })] }
  const verify = (cwd: string, to: string, given: object) => {
    return step('scripts/ci/next.ts', cwd, { NEXT: JSON.stringify({ ...candidate, to }), STAND_IN: JSON.stringify(given), GITHUB_STEP_SUMMARY: join(cwd, 'summary.md') }, ['verify'])
  }

  test('bumps, compiles and verifies in a scratch checkout; a page that does not hold is a warning', async () => {
    const cwd = standIn()
    const { exit, stdout } = await verify(cwd, 'v1.14.7', fails)
    expect(exit).toBe(0)
    expect(stdout).toMatch(/^::warning title=coredns v1\.14\.7::.*haproxy\/lb: failed: check is-up in line 40: exit 1.*proofbook bump coredns --to v1\.14\.7 --write$/m)
    expect(stdout).not.toContain('::error')
    expect(readFileSync(join(cwd, 'summary.md'), 'utf8')).toContain('| coredns | v1.14.2 | v1.14.7 (patch) | does not hold | 1 of 3 |')
    // nothing of it is where the night looks, and the pins are as they were
    expect(readFileSync(join(cwd, 'pins.txt'), 'utf8')).toBe('v1.14.2')
    expect(readdirSync(join(cwd, '.proofbook'))).toEqual(['next'])
    const kept = join(cwd, '.proofbook/next/next-coredns-v1.14.7')
    expect(readdirSync(kept)).toEqual(['results'])
    expect(JSON.parse(readFileSync(join(kept, 'results/haproxy-lb.kind.json'), 'utf8'))).toMatchObject({ versions: { coredns: '1.14.7' } })
    expect(readFileSync(join(kept, 'results/told.txt'), 'utf8')).toBe('none haproxy/lb --on kind --retries 1 --lab next --report json,junit,html --yes')
  })
  test('what holds is a notice', async () => {
    const { exit, stdout } = await verify(standIn(), 'v1.14.7', holds)
    expect(exit).toBe(0)
    expect(stdout).toMatch(/^::notice title=coredns v1\.14\.7::coredns v1\.14\.2 to v1\.14\.7 \(newest patch\): holds, 1 of 3 pages tried$/m)
  })
  test.each([['v0.0.0', 'proofbook bump ended with 2'], ['v1.14.999', 'npm run compile ended with 1']])('%s: %s, which is a warning too', async (to, why) => {
    const { exit, stdout } = await verify(standIn(), to, holds)
    expect(exit).toBe(0)
    expect(stdout).toMatch(new RegExp(`^::warning title=coredns ${to}::.*could not be tried.*${why}`, 'm'))
  })
  test('without a candidate it fails: that is a fault of the workflow', async () => expect((await step('scripts/ci/next.ts', standIn(), {}, ['verify'])).exit).toBe(1))
})

test('the pins of this repository can be bumped and compiled in a scratch checkout', async () => {
  const [from = ''] = components.find(({ name }) => name === 'coredns')!.pins
  const output = folder()
  const cli = [process.execPath, join(root, 'dist/cli/main.js')]
  // --list: the program that was compiled there says what it would verify, and needs no lab
  const done = await attempt(root, { ...candidate, from, to: from.replace(/\d+$/, '999'), runbooks: ['cni/flannel'] }, { cli, output, lab: 'none', words: ['--list'] })
  expect(done).toMatchObject({ exit: 0, pages: [], problem: 'verify ended with 0 and left no result' })
  expect(existsSync(join(output, 'next-coredns-v1.14.999/checkout'))).toBe(false)
})

const go = await anyGo()
test.skipIf(go === undefined)(`node scripts/ci/next.ts plan: what a module proxy shows, with pages that would notice${go === undefined ? ' (not run: no Go here)' : ''}`, async () => {
  const [from = ''] = components.find(({ name }) => name === 'coredns')!.pins
  const [patch, minor] = [from.replace(/\d+$/, '998'), 'v1.999.0']
  const at = 'github.com/coredns/coredns/@v'
  const proxy = folder({
    [`${at}/list`]: [from, patch, minor, 'v1.1000.0-rc.1'].join('\n'),
    // Go asks the newest which of them were taken back
    [`${at}/${minor}.info`]: JSON.stringify({ Version: minor, Time: '2026-11-01T00:00:00Z' }),
    [`${at}/${minor}.mod`]: 'module github.com/coredns/coredns\n',
  })
  const { exit, stdout, outputs } = await step('scripts/ci/next.ts', root, { GOPROXY: `file://${proxy}`, GOSUMDB: 'off', XDG_CACHE_HOME: folder() }, ['plan'])
  expect(exit).toBe(0)
  expect(outputs.count).toBe('2')
  const { include } = JSON.parse(outputs.matrix!) as { include: { name: string, candidate: string }[] }
  expect(include.map(({ name }) => name)).toEqual([`next-coredns-${patch}`, `next-coredns-${minor}`])
  const candidates = include.map(entry => JSON.parse(entry.candidate) as Candidate)
  expect(candidates).toMatchObject([{ from, to: patch, newest: 'patch', build: true }, { from, to: minor, newest: 'minor' }])
  for (const { runbooks, of } of candidates) expect([runbooks.length > 0, runbooks.length <= of]).toEqual([true, true])
  // of all others the proxy knows nothing
  expect(stdout).toMatch(/^traefik: not asked: /m)
})
