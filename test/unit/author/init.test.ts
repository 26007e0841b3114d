/** `proofbook init` in repositories of each kind. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { projectKinds } from '../../../src/author/init/projects.ts'
import { sample } from '../../../src/author/init/sample.ts'
import { workflow } from '../../../src/author/init/workflow.ts'
import { checkRunbook } from '../../../src/check/check.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'

const cli = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url))
const PLAIN = 'runbooks/example/refuse-a-range.md'

function repository(files: Readonly<Record<string, string>> = {}): { readonly cwd: string, proofbook(...args: string[]): { status: number | null, stdout: string, stderr: string } } {
  const cwd = mkdtempSync(join(tmpdir(), 'proofbook-init-'))
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
  for (const [name, text] of Object.entries({ '.git/HEAD': 'ref: refs/heads/main\n', ...files })) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true })
    writeFileSync(join(cwd, name), text)
  }
  return {
    cwd,
    proofbook(...args) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } })
      return { status, stdout, stderr }
    },
  }
}

/** Path and text of every file but git's. */
const contents = (cwd: string): Record<string, string> => Object.fromEntries(readdirSync(cwd, { recursive: true, encoding: 'utf8' })
  .filter(name => !name.startsWith('.git/') && statSync(join(cwd, name)).isFile()).sort()
  .map(name => [name, readFileSync(join(cwd, name), 'utf8')]))

describe('an empty repository', () => {
  test('gets settings, a sound page, a workflow and a line for git, and is told so', () => {
    const { cwd, proofbook } = repository()
    const { status, stdout, stderr } = proofbook('init')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(Object.keys(contents(cwd))).toEqual(['.github/workflows/runbooks.yml', '.gitignore', 'proofbook.json', PLAIN])
    for (const name of Object.keys(contents(cwd))) expect(stdout).toMatch(new RegExp(`^written +${name.replaceAll('.', '\\.')}`, 'm'))
    expect(stdout).toContain('npx proofbook verify example/refuse-a-range --on kind')
    expect(proofbook('check')).toMatchObject({ status: 0, stdout: 'no errors in 1 runbook.\n' })
    expect(proofbook('verify', '--list')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^example\/refuse-a-range on kind \(no-cluster, .*\n$/) })
  })
  test('a second time changes nothing', () => {
    const { cwd, proofbook } = repository()
    proofbook('init')
    const before = contents(cwd)
    const { stdout } = proofbook('init')
    expect(contents(cwd)).toEqual(before)
    expect(stdout).not.toMatch(/^(?:written|extended)/m)
  })
  test('--json tells the same', () => {
    const { stdout } = repository().proofbook('init', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ schema: 1, command: 'init', project: 'markdown', notes: [], files: [
      { path: 'proofbook.json', did: 'written' }, { path: PLAIN, did: 'written' }, { path: '.github/workflows/runbooks.yml', did: 'written' }, { path: '.gitignore', did: 'written' },
    ] })
  })
})

describe('what is there already', () => {
  test('is never written over; lines are added to .gitignore only', () => {
    const own = { '.github/workflows/runbooks.yml': 'mine: 1\n', [PLAIN]: 'mine', '.gitignore': 'dist', 'README.md': '# Mine\n' }
    const { cwd, proofbook } = repository(own)
    expect(proofbook('init')).toMatchObject({ status: 0 })
    expect(contents(cwd)).toMatchObject({ ...own, '.gitignore': 'dist\n.proofbook/\n' })
  })
  test.each(['.proofbook\n', 'dist\r\n/.proofbook/\r\n'])('.gitignore %j says it already', text => {
    const { cwd, proofbook } = repository({ '.gitignore': text })
    expect(proofbook('init').stdout).toMatch(/^kept +\.gitignore/m)
    expect(contents(cwd)['.gitignore']).toBe(text)
  })
  test('a book gets no sample, wherever it is', () => {
    const { cwd, proofbook } = repository({ 'proofbook.json': '{ "runbooks": "guides" }', 'guides/a/x.md': sample })
    expect(proofbook('init').stdout).toMatch(/^kept +guides +it holds 1 runbook already/m)
    expect(existsSync(join(cwd, 'runbooks'))).toBe(false)
    expect(proofbook('list').stdout).toContain('a/x')
  })
})

describe('a site', () => {
  test.each([
    ['starlight', { dependencies: { '@astrojs/starlight': '0.42.4' } }, 'src/content/docs/runbooks/example/refuse-a-range.mdx'],
    ['docusaurus', { devDependencies: { '@docusaurus/core': '3.9.2' } }, 'docs/runbooks/example/refuse-a-range.mdx'],
    ['markdown', { dependencies: { express: '5.0.0' } }, PLAIN],
  ])('of %s has its runbooks where it looks for pages', (project, manifest, page) => {
    const { cwd, proofbook } = repository({ 'package.json': JSON.stringify(manifest) })
    expect(JSON.parse(proofbook('init', '--json').stdout)).toMatchObject({ project })
    expect(contents(cwd)[page]).toBe(sample)
    expect(proofbook('check')).toMatchObject({ status: 0, stdout: 'no errors in 1 runbook.\n' })
    expect(proofbook('new', 'net/routes').stdout).toContain(`${page.slice(0, page.indexOf('/example/'))}/net/routes${page.slice(page.lastIndexOf('.'))}`)
  })
  test('every kind but the last is known by something', () => {
    expect(projectKinds.map(({ dependency }) => dependency === undefined)).toEqual(projectKinds.map((_, index) => index === projectKinds.length - 1))
  })
  test('whose package.json is broken is told, and nothing is written', () => {
    const { cwd, proofbook } = repository({ 'package.json': '{' })
    expect(proofbook('init')).toMatchObject({ status: 2, stderr: expect.stringContaining('package.json: received') })
    expect(Object.keys(contents(cwd))).toEqual(['package.json'])
  })
})

describe('the sample', () => {
  test.each(['x.md', 'x.mdx'])('passes every gate as %s', async path => {
    const { runbook, diagnostics } = parseRunbook(sample, { id: 'x', path })
    expect(diagnostics).toEqual([])
    expect(await checkRunbook(runbook!, sample)).toEqual([])
  })
  test('has a way back for its step, and a check that is not true before it', () => {
    const { blocks } = parseRunbook(sample, { id: 'x', path: 'x.md' }).runbook!
    expect(blocks.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['precheck nothing-is-routed-there', 'step refuse', 'rollback refuse', 'check refused'])
  })
})

test('the workflow verifies in five lines: when, and what is called', () => {
  const { on, permissions, jobs } = parse(workflow)
  expect(Object.keys(on)).toEqual(['push', 'pull_request', 'schedule', 'workflow_dispatch'])
  expect(permissions).toEqual({ contents: 'read' })
  expect(jobs).toEqual({ verify: { uses: expect.stringMatching(/^proofbook\/proofbook\/\.github\/workflows\/verify\.yml@v\d+$/) } })
})

test('outside of git one is told that no workflow will run', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'proofbook-init-'))
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
  const { stdout } = spawnSync(process.execPath, [cli, 'init'], { cwd, encoding: 'utf8' })
  expect(stdout).toContain('no git repository')
})
