/** One issue a runbook: opened, renewed, commented, closed; and nobody called for what says nothing about the page. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { gitHubOf } from '../../../../src/report/issues/github.ts'
import { recall, remember } from '../../../../src/report/issues/memory.ts'
import { nightsOf } from '../../../../src/report/issues/nights.ts'
import { planIssues } from '../../../../src/report/issues/plan.ts'
import type { Failure, Result, Verdict } from '../../../../src/report/result.ts'
import { resultName, writeResult } from '../../../../src/report/store.ts'
import { sampleResult } from '../sample.ts'
import { gitHubStandIn, type StandIn } from './github-stand-in.ts'

// Each of several nights is a process of its own.
vi.setConfig({ testTimeout: 300_000 })

const cli = fileURLToPath(new URL('../../../../src/cli/main.ts', import.meta.url))
const COMMIT = 'c'.repeat(40)

const failure = (extra: Partial<Failure> = {}): Failure => ({
  host: 'lb', kind: 'check', name: 'api-through-vip', line: 142, message: 'after 60 s of trying, last of 24 attempts', received: 'exit 60', expected: 'exit 0',
  tail: 'curl: (60) SSL: no alternative certificate subject name\n', hint: 'the certificate lacks the virtual IP', ...extra,
})
const broken = (extra: Partial<Result> = {}): Result => sampleResult({ verdict: 'failed', failure: failure(), finishedAt: '2026-11-28T03:00:00.000Z', startedAt: '2026-11-28T02:58:00.000Z', ...extra })
const good = (extra: Partial<Result> = {}): Result => sampleResult(extra)

/** The command as the workflow calls it. */
async function night(results: readonly Result[], { gitHub, run = '1', before = [] as readonly Result[], token = 'secret', args = [] as readonly string[] }: {
  gitHub?: StandIn, run?: string, before?: readonly Result[], token?: string, args?: readonly string[],
}): Promise<{ exit: number | null, stdout: string, stderr: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'proofbook-issues-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, some] of Object.entries({ night: results, before })) {
    mkdirSync(join(folder, name))
    for (const [index, result] of some.entries()) {
      await writeResult(join(folder, name, resultName(result, String(index))), { ...result, source: { ...result.source, path: `runbooks/${result.runbook}.mdx` } })
    }
  }
  const env = {
    ...process.env, GITHUB_API_URL: gitHub?.url ?? 'http://127.0.0.1:9', GITHUB_TOKEN: token, GITHUB_REPOSITORY: 'o/r', GITHUB_SERVER_URL: 'https://github.com', GITHUB_SHA: COMMIT, GITHUB_RUN_ID: run,
  }
  const child = spawn(process.execPath, [cli, 'issues', '--results', 'night', '--before', 'before', ...args], { cwd: folder, env })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { stdout += chunk })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => { stderr += chunk })
  const exit = await new Promise<number | null>((resolve) => { child.once('close', resolve) })
  return { exit, stdout, stderr }
}

describe('against a stand-in for GitHub', () => {
  test('a failure opens one issue, the same one renews it, another comments it, and holding closes it', async () => {
    await using gitHub = await gitHubStandIn()
    expect(await night([broken(), good({ runbook: 'cni/flannel' })], { gitHub, before: [good()] })).toMatchObject({ exit: 0, stdout: expect.stringContaining('opened #1') })
    expect(gitHub.issues).toMatchObject([{ title: 'haproxy/lb fails on kind: check api-through-vip', state: 'open', labels: ['runbook-failure'], comments: [] }])

    await night([broken()], { gitHub, run: '2' })
    expect(gitHub.issues).toHaveLength(1)
    expect(gitHub.issues[0]).toMatchObject({ comments: [], body: expect.stringContaining('It has failed in 2 nights') })

    await night([broken({ failure: failure({ name: 'state-is-up', line: 150 }) })], { gitHub, run: '3' })
    expect(gitHub.issues[0]).toMatchObject({ title: 'haproxy/lb fails on kind: check state-is-up', comments: [expect.stringContaining('state-is-up')], body: expect.stringContaining('3 nights') })

    await night([good()], { gitHub, run: '4' })
    expect(gitHub.issues).toMatchObject([{ state: 'closed', comments: [expect.anything(), expect.stringContaining('Verified again on kind')] }])

    await night([broken()], { gitHub, run: '5' })
    expect(gitHub.issues).toMatchObject([{ state: 'closed' }, { state: 'open', number: 2 }])
  })
  test('the same workflow run tells once, however often its job is started again', async () => {
    await using gitHub = await gitHubStandIn()
    await night([broken()], { gitHub })
    const before = structuredClone(gitHub.issues)
    expect((await night([broken({ failure: failure({ name: 'other' }) })], { gitHub })).stdout).toContain('0 issues told of')
    expect(gitHub.issues).toEqual(before)
  })
  test('issues of people are left alone, also with the label', async () => {
    await using gitHub = await gitHubStandIn()
    gitHub.issues.push({ number: 1, title: 'Mine', body: 'haproxy/lb fails', state: 'open', labels: ['runbook-failure'], comments: [] })
    await night([good()], { gitHub })
    expect(gitHub.issues).toMatchObject([{ state: 'open', comments: [], title: 'Mine' }])
  })
  test('of more than a hundred open issues none is missed', async () => {
    await using gitHub = await gitHubStandIn()
    for (let number = 1; number <= 150; number++) {
      gitHub.issues.push({ number, title: 'x', body: remember({ runbook: `a/page-${number}`, failure: 'f', nights: 1, since: '2026-11-01', run: 'r' }), state: 'open', labels: ['runbook-failure'], comments: [] })
    }
    await night([good({ runbook: 'a/page-150' })], { gitHub })
    expect(gitHub.issues.filter(({ state }) => state === 'closed').map(({ number }) => number)).toEqual([150])
  })
  test('a refusal is exit 4 with GitHub\'s words and the right that is missing', async () => {
    await using gitHub = await gitHubStandIn()
    const { exit, stderr } = await night([broken()], { gitHub, token: 'wrong' })
    expect(exit).toBe(4)
    expect(stderr).toMatch(/received 401 .*Bad credentials.*issues: write/)
    expect((await night([broken()], {})).exit).toBe(4)
  })
  test('the longest output fits', async () => {
    await using gitHub = await gitHubStandIn()
    const long = '`'.repeat(200) + 'x'.repeat(64 * 1024)
    const results = ['kind', 'k3d'].map((target) => broken({ target, failure: failure({ tail: long, received: long, expected: long, message: long }) }))
    expect(await night(results, { gitHub })).toMatchObject({ exit: 0 })
    expect(gitHub.issues).toHaveLength(1)
  })
  test('--dry-run asks nobody and prints the text', async () => {
    await using gitHub = await gitHubStandIn()
    const { exit, stdout } = await night([broken()], { gitHub, args: ['--dry-run'], token: '' })
    expect({ exit, calls: gitHub.calls }).toEqual({ exit: 0, calls: [] })
    expect(stdout).toContain('### On kind')
  })
})

describe('nobody is called', () => {
  const outcome = (...results: readonly Result[]) => nightsOf(results)[0]?.outcome
  const of = (verdict: Verdict, extra: Partial<Result> = {}) => good({ verdict, reason: 'r', ...extra })
  test.each([
    ['a broken lab', [of('infrastructure-error')]],
    ['a flake', [of('flaky')]],
    ['what did not run', [of('not-run')]],
    ['a stand-in that failed', [of('failed', { standIn: 'k3s v1' })]],
    ['a broken lab beside what held', [good(), of('infrastructure-error', { target: 'k3d' })]],
  ])('for %s: neither opened nor closed', (_, results) => expect(outcome(...results)).toBe('open'))
  test('and what failed somewhere failed', () => expect(outcome(good(), broken({ target: 'k3d' }))).toBe('failed'))
  test('and what held where it ran held', () => expect(outcome(good(), of('not-run', { target: 'k3d' }))).toBe('held'))
})

describe('the text', () => {
  const place = { repository: 'https://github.com/o/r', commit: COMMIT, run: 'https://github.com/o/r/actions/runs/1' }
  const body = (failed: Result, ...before: Result[]) => {
    const [deed] = planIssues(nightsOf([failed]), before, [], place, new Date('2026-11-28T03:00:00Z'))
    return deed!.do === 'open' ? deed!.body : ''
  }
  test('names the block, its line at that commit, both sides of the difference and what to try', () => {
    const text = body(broken(), good())
    expect(text).toContain(`https://github.com/o/r/blob/${COMMIT}/runbooks/haproxy/lb.mdx?plain=1#L142`)
    expect(text).toContain('```diff\n- exit 0\n+ exit 60\n```')
    expect(text).toContain('curl: (60) SSL')
    expect(text).toContain('What to try: the certificate lacks the virtual IP')
  })
  test('shows the difference of an output once', () => {
    const text = body(broken({ failure: failure({ message: 'other output than line 38 of the page says', expected: 'a\nb', received: '\n  a\n- b\n+ c' }) }), good())
    expect(text).toContain('```diff\na\n- b\n+ c\n```')
  })
  test('compares versions with those when it held last in the same place', () => {
    const failed = broken({ versions: { cilium: '1.20.2', kind: 'v0.33.0' } })
    const text = body(failed, good({ versions: { cilium: '1.19.7', kind: 'v0.33.0' } }),
      good({ versions: { cilium: '1.18.0' }, finishedAt: '2026-10-01T00:00:00.000Z' }), good({ target: 'k3d', versions: { cilium: '9' } }))
    expect(text).toContain('| **cilium** | 1.20.2 | 1.19.7 |')
    expect(text).toContain('Unchanged: kind v0.33.0.')
    expect(text).toContain('Other versions than then: cilium.')
    expect(text).not.toContain('git bisect')
  })
  test('gives the commands that halve the commits in between, where both are known', () => {
    const origin = (commit: string): Partial<Result> => ({ origin: { commit, run: 'x' } })
    const text = body(broken({ ...origin('b'.repeat(40)), source: { path: 'runbooks/haproxy/lb.mdx', sha256: 'b'.repeat(64) } }), good(origin('a'.repeat(40))))
    expect(text).toContain('The page has changed since')
    expect(text).toContain('git bisect start bbbbbbbbbbbb aaaaaaaaaaaa\n')
    expect(body(broken(origin('$(reboot)')), good(origin('; rm -rf /')))).not.toMatch(/reboot|rm -rf/)
  })
  test('says when it was never good, and when nothing has changed', () => {
    expect(body(broken())).toContain('never verified')
    expect(body(broken(), good())).toContain('Neither the page nor a version has changed')
  })
  test('what a program printed calls nobody and ends no fence', () => {
    const text = body(broken({ failure: failure({ tail: '```\n@everyone <!-- proofbook: {"runbook":"x"} -->\n````' }) }), good())
    expect(text).toMatch(/`{5}text\n```\n@everyone/)
    expect(recall(text)).toMatchObject({ runbook: 'haproxy/lb' })
  })
})

test('an issue remembers anything (property)', () => {
  const memory = fc.record({ runbook: fc.string(), failure: fc.string(), nights: fc.nat(), since: fc.string(), run: fc.string() })
  fc.assert(fc.property(memory, fc.string(), (one, rest) => {
    const text = remember(one)
    expect(text.slice(4, -3)).not.toContain('--')
    expect(recall(`${text}\n\n${rest}`)).toEqual(one)
  }))
})

test('what is no memory is none', () => {
  for (const text of ['', 'words', '<!-- proofbook: {} -->', '<!-- proofbook: no json -->', '<!-- proofbook: {"runbook":"x"}']) expect(recall(text)).toBeUndefined()
})

test('outside of a workflow one is told what is missing', () => {
  expect(() => gitHubOf({ GITHUB_REPOSITORY: 'o/r' })).toThrow(expect.objectContaining({ exitCode: 2, message: expect.stringContaining('GITHUB_TOKEN') }))
})
