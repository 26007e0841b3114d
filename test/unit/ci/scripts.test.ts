/** Scripts of the workflows, started as the workflows start them. */
import { execFileSync, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { parse } from 'yaml'
import { programOf } from '../../../.github/actions/lib.ts'
import { attestedBy } from '../../../scripts/ci/attested.ts'
import { notesOf, problemsOf } from '../../../scripts/ci/release.ts'
import { sample } from '../../../src/author/init/sample.ts'
import { canonical } from '../../../src/report/digest.ts'
import { historyEntry } from '../../../src/report/history.ts'
import type { Result } from '../../../src/report/result.ts'
import { folder, root, step } from './step.ts'

// Each step is a process that starts others.
vi.setConfig({ testTimeout: 300_000 })

describe('the action plan', () => {
  /** Another project's repository, with Proofbook installed and a commit for each set of files. */
  function repository(...commits: readonly Readonly<Record<string, string>>[]) {
    const cwd = folder({ '.gitignore': 'node_modules/\n' })
    const git = (...args: string[]): string => execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args], { cwd, encoding: 'utf8' }).trim()
    git('init', '--quiet')
    mkdirSync(join(cwd, 'node_modules/.bin'), { recursive: true })
    symlinkSync(join(root, 'dist/cli/main.js'), join(cwd, 'node_modules/.bin/proofbook'))
    const shas = commits.map((files) => {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(cwd, name)), { recursive: true })
        writeFileSync(join(cwd, name), text)
      }
      git('add', '--all')
      git('commit', '--quiet', '--message', 'x')
      return git('rev-parse', 'HEAD')
    })
    return { cwd, shas }
  }
  const event = (name: string, value: object) => ({ GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: join(folder({ 'event.json': JSON.stringify(value) }), 'event.json') })
  const plan = (cwd: string, env: Readonly<Record<string, string>>) => step('.github/actions/plan/plan.ts', cwd, { INPUT_ON: 'kind', INPUT_WITHIN: '45m', ...env })
  const ids = ({ outputs }: { outputs: Record<string, string> }): string[] => (JSON.parse(outputs.matrix!) as { include: { runbooks: string }[] }).include.flatMap(({ runbooks }) => runbooks.split(' ')).sort()

  const two = { 'runbooks/a/x.md': sample, 'runbooks/a/y.md': sample, 'README.md': 'x' }
  test('a pull request: the runbooks that it touches', async () => {
    const { cwd, shas: [base] } = repository(two, { 'runbooks/a/y.md': `${sample}\nMore.\n` })
    const planned = await plan(cwd, event('pull_request', { pull_request: { base: { sha: base } } }))
    expect(planned.exit, planned.stderr).toBe(0)
    expect(ids(planned)).toEqual(['a/y'])
    expect(JSON.parse(planned.outputs.matrix!)).toMatchObject({ include: [{ shard: '1/1', name: '1-of-1', arguments: 'a/y --on kind', timeout: expect.any(Number) }] })
    expect(planned.outputs.count).toBe('1')
  })
  test('a push that touches none: no machine', async () => {
    const { cwd, shas: [before] } = repository(two, { 'README.md': 'y' })
    const { outputs } = await plan(cwd, event('push', { before }))
    expect(outputs).toMatchObject({ count: '0', matrix: '{"include":[]}' })
  })
  test.each([
    ['a night', () => event('schedule', {})],
    ['the first push', () => event('push', { before: '0'.repeat(40) })],
    ['a forced push, whose base is gone', () => event('push', { before: 'f'.repeat(40) })],
  ])('%s: every runbook', async (_, given) => {
    expect(ids(await plan(repository(two).cwd, given()))).toEqual(['a/x', 'a/y'])
  })
  test('a page that cannot be read fails the plan, and says where', async () => {
    const { exit, stderr, outputs } = await plan(repository({ 'runbooks/a/x.md': '```bash\nx\n```\n' }).cwd, event('schedule', {}))
    expect({ exit, outputs }).toEqual({ exit: 2, outputs: {} })
    expect(stderr).toContain('runbooks/a/x.md:1:1')
  })
  test.each(['--output=written', 'no-such-branch'])('a revision %s, which git does not know, is told by git and does nothing', async (revision) => {
    const { cwd } = repository(two)
    const { exit, stderr } = await plan(cwd, { ...event('schedule', {}), INPUT_SINCE: revision })
    expect(exit).toBe(2)
    expect(stderr).toContain(`received --since ${revision}`)
    expect(existsSync(join(cwd, 'written'))).toBe(false)
  })
})

describe('which Proofbook runs', () => {
  test('one that is named', () => expect(programOf(folder(), '/tmp/x.tgz')).toEqual(['npx', '--yes', '--package=/tmp/x.tgz', 'proofbook']))
  test('that of this repository in a checkout of it', () => expect(programOf(root)[1]).toBe(join(root, 'dist/cli/main.js')))
  test('the one that is installed', () => {
    const cwd = folder({ 'package.json': '{ "name": "x" }', 'node_modules/.bin/proofbook': '' })
    expect(programOf(cwd)).toEqual([join(cwd, 'node_modules/.bin/proofbook')])
  })
  test('else the release of the actions', () => {
    expect(programOf(folder())).toEqual(['npx', '--yes', `--package=proofbook@${JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version}`, 'proofbook'])
  })
})

describe('the action verify', () => {
  test('hands its inputs on, asks for every report, and ends as proofbook ends', async () => {
    // A stand-in for the program: it says what it was given.
    const cwd = folder({ 'node_modules/.bin/proofbook': '#!/bin/sh\necho "$@"\nexit 4\n' })
    execFileSync('chmod', ['+x', join(cwd, 'node_modules/.bin/proofbook')])
    const { exit, stdout, outputs } = await step('.github/actions/verify/verify.ts', cwd, { INPUT_ARGUMENTS: ' a/x  a/y --on kind,k3d ', INPUT_ON: 'kind', INPUT_SHARD: '2/5', INPUT_RETRIES: '1' })
    expect(stdout.trim()).toBe('verify a/x a/y --on kind,k3d --shard 2/5 --retries 1 --report json,junit,html,github --report-dir .proofbook/report --yes')
    expect({ exit, outputs }).toEqual({ exit: 4, outputs: { report: '.proofbook/report' } })
    expect((await step('.github/actions/verify/verify.ts', cwd, { INPUT_RUNBOOKS: 'a/x $(touch gone)', INPUT_ON: 'kind' })).stdout).toContain('verify a/x $(touch gone) --on kind --report')
  })
  test('its key changes with what labs are built from, and with nothing else', async () => {
    const copy = folder()
    for (const part of ['.github/actions', 'src/lab', 'package.json']) cpSync(join(root, part), join(copy, part), { recursive: true })
    const keyOf = async () => {
      const out = join(copy, 'out')
      writeFileSync(out, '')
      execFileSync(process.execPath, [join(copy, '.github/actions/verify/key.ts')], { env: { ...process.env, GITHUB_OUTPUT: out }, stdio: 'pipe' })
      return readFileSync(out, 'utf8')
    }
    const first = await keyOf()
    expect(first).toMatch(/^key=[0-9a-f]{16}\n$/)
    writeFileSync(join(copy, 'src/lab/lab.ts'), '')
    expect(await keyOf()).toBe(first)
    writeFileSync(join(copy, 'src/lab/versions.ts'), '')
    expect(await keyOf()).not.toBe(first)
  })
})

test('conformance: each is asked only when the one before held, and the lab is taken down', async () => {
  // A stand-in for the program: the second command fails.
  const cwd = folder({ 'node_modules/.bin/proofbook': '#!/bin/sh\necho "$1 $2"\ntest "$2" != probe\n' })
  execFileSync('chmod', ['+x', join(cwd, 'node_modules/.bin/proofbook')])
  const { exit, stdout } = await step('scripts/ci/conformance.ts', cwd)
  expect({ exit, stdout }).toEqual({ exit: 1, stdout: 'lab up\nlab probe\nlab down\n' })
})

describe('trial', () => {
  const trials = (parse(readFileSync(join(root, '.github/workflows/nightly.yml'), 'utf8')) as Nightly).jobs.steps.strategy.matrix.trial

  test('hands its words to the program, and ends as it does', async () => {
    const cwd = folder({ 'node_modules/.bin/proofbook': '#!/bin/sh\necho "$@"\nexit 1\n' })
    execFileSync('chmod', ['+x', join(cwd, 'node_modules/.bin/proofbook')])
    const { exit, stdout } = await step('scripts/ci/trial.ts', cwd, { TRIAL: 'abort cni/x --again y' })
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: 'abort cni/x --again y --yes\n' })
  })

  test.each(trials)('%s: the page is there, and the check that is asked again', (trial) => {
    const [, page, check] = /^(?:mutate|abort) (\S+)(?: --again (\S+))?$/.exec(trial)!
    const text = readFileSync(join(root, `runbooks/${page}.mdx`), 'utf8')
    if (check !== undefined) expect(text).toContain(`check=${check} `)
  })
})

interface Nightly {
  readonly jobs: { readonly steps: { readonly strategy: { readonly matrix: { readonly trial: readonly string[] } } } }
}

test('static: every gate is asked, and all of them hold here', async () => {
  const { exit, stderr } = await step('scripts/ci/static.ts', root)
  expect(stderr.match(/^(?:ok {2}|FAIL) [a-z ]+/gm)?.map((line) => line.trim())).toEqual(['ok   types', 'ok   runbooks', 'ok   documentation from the code'])
  expect(exit).toBe(0)
})

describe('what is signed', () => {
  const names = ['haproxy-firewall', 'cni-flannel', 'policy-default-deny']
  const [firewall = '', flannel = '', deny = ''] = names.map((name) => readFileSync(join(root, `src/content/results/${name}.kind.json`), 'utf8'))
  const entries = (...results: string[]) => results.map((text) => `${canonical(historyEntry(JSON.parse(text) as Result))}\n`).join('')

  /** Folders, and a stand-in for GitHub's `gh`: it vouches for files whose bytes are among those given, and writes down what it was asked. */
  function checkout(files: Readonly<Record<string, string>>, ...vouched: readonly string[]) {
    const cwd = folder({ ...files, ...Object.fromEntries(vouched.map((text, index) => [`vouched/${index}`, text])) })
    const gh = join(cwd, 'bin/gh')
    mkdirSync(dirname(gh))
    writeFileSync(gh, `#!/bin/sh\necho "$@" >> ${cwd}/asked\nfor last; do :; done\nfor one in ${cwd}/vouched/*; do cmp -s "$one" "$last" && exit 0; done\necho "no attestations found" >&2\nexit 1\n`, { mode: 0o755 })
    mkdirSync(join(cwd, 'node_modules/.bin'), { recursive: true })
    symlinkSync(join(root, 'dist/cli/main.js'), join(cwd, 'node_modules/.bin/proofbook'))
    const run = (script: string) => step(script, cwd, { GITHUB_REPOSITORY: 'o/r', PATH: `${dirname(gh)}:${process.env.PATH}` })
    return { cwd, run, asked: () => readFileSync(join(cwd, 'asked'), 'utf8').trim().split('\n') }
  }
  const asks = (file: string): string => `attestation verify --repo o/r --signer-workflow o/r/.github/workflows/nightly.yml ${file}`

  test('merge: every machine\'s part and the night before become one; what was changed on the way fails the job, and costs nothing else', async () => {
    const { cwd, run, asked } = checkout({
      'tonight/results-1-of-2/results/haproxy-firewall.kind.json': firewall,
      'tonight/results-2-of-2/results/cni-flannel.kind.json': flannel.replace('"retries": 0', '"retries": 1'),
      'before/results/policy-default-deny.kind.json': deny, 'before/history.jsonl': entries(deny),
    }, deny, entries(deny))
    const { exit, stderr } = await run('scripts/ci/merge.ts')
    expect(exit).toBe(1)
    expect(stderr).toMatch(/^refused +tonight\/results-2-of-2\/results\/cni-flannel\.kind\.json: its digest/m)
    expect(readdirSync(join(cwd, 'night/results')).sort()).toEqual(['haproxy-firewall.kind.json', 'policy-default-deny.kind.json'])
    expect(readFileSync(join(cwd, 'night/history.jsonl'), 'utf8')).toBe(entries(deny))
    // of the night before; this night's parts are of this run
    expect(asked()).toEqual([asks('before/results/policy-default-deny.kind.json'), asks('before/history.jsonl')])
  })
  test('merge: a night before that nobody signed is refused, and this night counts', async () => {
    const { cwd, run } = checkout({ 'tonight/results-1-of-1/results/haproxy-firewall.kind.json': firewall, 'before/results/policy-default-deny.kind.json': deny, 'before/history.jsonl': entries(deny, flannel) }, entries(deny))
    const { exit, stderr } = await run('scripts/ci/merge.ts')
    expect(exit).toBe(1)
    expect(stderr).toMatch(/^refused +before\/results\/policy-default-deny\.kind\.json: it is not attested: no attestations found$/m)
    expect(stderr).toMatch(/^refused +before\/history\.jsonl: it is not attested/m)
    expect(readdirSync(join(cwd, 'night/results'))).toEqual(['haproxy-firewall.kind.json'])
    expect(readFileSync(join(cwd, 'night/history.jsonl'), 'utf8')).toBe('')
  })
  test('merge: the first night has none before it, and asks nobody', async () => {
    const { cwd, run } = checkout({ 'tonight/results-1-of-1/results/haproxy-firewall.kind.json': firewall })
    expect((await run('scripts/ci/merge.ts')).exit).toBe(0)
    expect(existsSync(join(cwd, 'asked'))).toBe(false)
  })
  test('the site takes a night that was signed', async () => {
    const { cwd, run, asked } = checkout({ 'night/results/haproxy-firewall.kind.json': firewall, 'night/history.jsonl': entries(firewall) }, firewall, entries(firewall))
    expect((await run('scripts/ci/attested.ts')).exit).toBe(0)
    expect(readFileSync(join(cwd, '.proofbook/results/haproxy-firewall.kind.json'), 'utf8')).toBe(firewall)
    expect(asked()).toEqual([asks('night/results/haproxy-firewall.kind.json'), asks('night/history.jsonl')])
  })
  test('and no file of another: whole, with its right digest, and written by somebody else', async () => {
    const { cwd, run } = checkout({ 'night/results/haproxy-firewall.kind.json': firewall, 'night/results/cni-flannel.kind.json': flannel }, firewall)
    const { exit, stderr } = await run('scripts/ci/attested.ts')
    expect(exit).toBe(1)
    expect(stderr).toMatch(/^refused +night\/results\/cni-flannel\.kind\.json: it is not attested: no attestations found$/m)
    expect(readdirSync(join(cwd, '.proofbook/results'))).toEqual(['haproxy-firewall.kind.json'])
  })
  test('a repository\'s name becomes no command', () => {
    for (const name of ['o/r; touch x', '', 'o', '$(x)/r']) expect(() => attestedBy(name)).toThrow('expected owner/name')
  })
  test('a file\'s name becomes no command', async () => {
    const { cwd } = checkout({ 'night/results/haproxy-firewall.kind.$(touch pwned).json': firewall })
    const { exit } = await new Promise<{ exit: number | null }>((resolve) => {
      spawn(process.execPath, [join(root, 'dist/cli/main.js'), 'report', 'merge', 'night', '--output', 'out', '--attested', 'test -f'], { cwd, stdio: 'ignore' }).once('close', (exit) => { resolve({ exit }) })
    })
    expect(exit).toBe(0)
    expect(readdirSync(cwd)).not.toContain('pwned')
  })
})

test('mutants: a job for each page that has some', async () => {
  const { outputs } = await step('scripts/ci/mutants.ts', root)
  const pages = JSON.parse(outputs.pages!) as string[]
  expect(pages).toContain('haproxy/virtual-ip')
  expect(new Set(pages).size).toBe(pages.length)
})

/** A stand-in for GitHub's API: answers by method and path, and keeps what it was asked. */
async function gitHub(answers: Readonly<Record<string, { status?: number, value: unknown }>>) {
  const asked: { what: string, body: unknown }[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (chunk: string) => { text += chunk }).on('end', () => {
      const what = `${request.method} ${request.url!.split('?')[0]!.replace('/repos/o/r/', '')}`
      asked.push({ what, body: text === '' ? undefined : JSON.parse(text) })
      const { status = 200, value } = answers[what] ?? { status: 404, value: { message: 'Not Found' } }
      response.writeHead(status).end(JSON.stringify(value))
    })
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  onTestFinished(() => { server.closeAllConnections(); server.close() })
  return { asked, env: { GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, GITHUB_REPOSITORY: 'o/r', GITHUB_TOKEN: 't', GITHUB_RUN_ID: '9' } }
}

describe('the newest night', () => {
  const artifact = (id: number, created_at: string, extra: object = {}, run: object = {}) =>
    ({ expired: false, created_at, ...extra, workflow_run: { id, head_branch: 'main', head_repository_id: 1, repository_id: 1, ...run } })
  const run = async (artifacts: readonly object[], ...args: string[]) => {
    const { env } = await gitHub({ 'GET actions/artifacts': { value: { artifacts } } })
    return (await step('scripts/ci/newest-night.ts', root, env, args)).outputs.run
  }
  const nights = [artifact(7, '2026-11-26T04:00:00Z'), artifact(9, '2026-11-28T04:00:00Z'), artifact(8, '2026-11-27T04:00:00Z')]
  test('is the last one', async () => expect(await run(nights)).toBe('9'))
  test('before this run is another', async () => expect(await run(nights, 'before')).toBe('8'))
  test('of none is empty', async () => expect(await run([])).toBe(''))
  test('is never what a fork or a branch has made, nor what has expired', async () => {
    expect(await run([
      artifact(1, '2026-11-29T00:00:00Z', {}, { head_repository_id: 2 }), artifact(2, '2026-11-29T00:00:00Z', {}, { head_branch: 'x' }),
      artifact(3, '2026-11-29T00:00:00Z', { expired: true }), artifact(4, '2026-11-01T00:00:00Z'),
    ])).toBe('4')
  })
})

describe('a release', () => {
  const changelog = '# Changelog\n\n## Unreleased\n\n## [0.2.0] - 2026-12-01\n\n### Added\n\n- Two.\n\n## 0.1.0 - 2026-11-01\n\n- One.\n\n## 0.0.1\n'
  test('takes its text from the changelog', () => {
    expect(notesOf(changelog, '0.2.0')).toBe('### Added\n\n- Two.')
    expect(notesOf(changelog, '0.1.0')).toBe('- One.')
    expect(notesOf(changelog, '0.2')).toBeUndefined()
  })
  test.each([
    ['v0.2.0', '0.2.0', []],
    ['v0.2.1', '0.2.0', [expect.stringContaining('expected v0.2.0')]],
    ['v0.3.0', '0.3.0', [expect.stringContaining('## 0.3.0')]],
    ['v0.0.1', '0.0.1', [expect.stringContaining('received no text')]],
  ])('%s of %s', (tag, version, problems) => expect(problemsOf({ tag, version, changelog })).toEqual(problems))

  /** A checkout with that version, and the script in it. */
  function checkout(): string {
    const cwd = folder({ 'package.json': '{ "name": "x", "version": "0.2.0" }', 'CHANGELOG.md': changelog })
    for (const file of ['scripts/ci/release.ts', 'scripts/ci/github.ts']) cpSync(join(root, file), join(cwd, file))
    return cwd
  }
  const release = async (cwd: string, what: string, env: Readonly<Record<string, string>>) => {
    const child = spawn(process.execPath, [join(cwd, 'scripts/ci/release.ts'), what], { cwd, env: { ...process.env, ...env } })
    return new Promise<number | null>((resolve) => { child.once('close', resolve) })
  }
  test('is refused before anything is published', async () => {
    const cwd = checkout()
    expect(await release(cwd, 'check', { GITHUB_REF_NAME: 'v0.2.0' })).toBe(0)
    expect(await release(cwd, 'check', { GITHUB_REF_NAME: 'v0.2.1' })).toBe(1)
  })
  test.each([['is there', {}, ['POST releases', 'PATCH git/refs/tags/v0']], ['is not there yet', { 'PATCH git/refs/tags/v0': { status: 422, value: {} } }, ['POST releases', 'PATCH git/refs/tags/v0', 'POST git/refs']]])(
    'is made on GitHub, where v0 %s', async (_, answers, calls) => {
      const { env, asked } = await gitHub({ 'POST releases': { status: 201, value: {} }, 'PATCH git/refs/tags/v0': { value: {} }, 'POST git/refs': { status: 201, value: {} }, ...answers })
      expect(await release(checkout(), 'publish', { ...env, GITHUB_REF_NAME: 'v0.2.0', GITHUB_SHA: 'abc' })).toBe(0)
      expect(asked.map(({ what }) => what)).toEqual(calls)
      expect(asked[0]!.body).toEqual({ tag_name: 'v0.2.0', name: 'v0.2.0', body: '### Added\n\n- Two.', prerelease: false })
    })
})
