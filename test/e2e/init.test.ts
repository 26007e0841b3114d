/**
 * The package as published, in an empty git repository, as its workflow would have it: `init`, the sample verified by the
 * action, and what GitHub would be told when it breaks.
 */
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Result } from '../../src/report/result.ts'
import { emptyFolder, install, pack, root, run } from '../unit/pack/packed.ts'

const LAB = `init-${process.pid}`
const lab = ['--lab', LAB]
const made = emptyFolder()
const [home, repository] = [join(made.folder, 'home'), join(made.folder, 'repository')]
const page = join(repository, 'runbooks/example/refuse-a-range.md')
const proofbook = (...args: string[]) => run(process.execPath, [join(home, 'node_modules/proofbook/dist/cli/main.js'), ...args], repository)
let tarball: string

/** A step of an action, with its inputs and outputs as GitHub hands them on. */
async function action(script: string, inputs: Readonly<Record<string, string>>): Promise<{ exit: number | null, outputs: string, summary: string }> {
  const [outputs, summary] = ['outputs', 'summary'].map(name => join(made.folder, name)) as [string, string]
  writeFileSync(outputs, '')
  const child = spawn(process.execPath, [join(root, '.github/actions', script)], {
    cwd: repository, stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, CI: 'true', GITHUB_OUTPUT: outputs, GITHUB_STEP_SUMMARY: summary, INPUT_PACKAGE: tarball, ...inputs },
  })
  const exit = await new Promise<number | null>(resolve => { child.once('close', resolve) })
  return { exit, outputs: readFileSync(outputs, 'utf8'), summary: existsSync(summary) ? readFileSync(summary, 'utf8') : '' }
}

beforeAll(() => {
  mkdirSync(home)
  mkdirSync(repository)
  tarball = pack(made.folder).tarball
  install(home, tarball)
  execFileSync('git', ['init', '--quiet'], { cwd: repository })
})
afterAll(async () => {
  await proofbook('lab', 'down', ...lab)
  made.done()
})

test('the actions plan the sample and verify it as it is written, with the package alone', async () => {
  expect(await proofbook('init')).toMatchObject({ exit: 0 })
  const planned = await action('plan/plan.ts', { INPUT_SINCE: 'all', INPUT_ON: 'kind', INPUT_WITHIN: '45m' })
  expect(planned.exit).toBe(0)
  const { include: [shard] } = JSON.parse(/^matrix=(.*)$/m.exec(planned.outputs)![1]!) as { include: { arguments: string, shard: string, runbooks: string }[] }
  expect(shard).toMatchObject({ shard: '1/1', runbooks: 'example/refuse-a-range' })

  const verified = await action('verify/verify.ts', { INPUT_ARGUMENTS: `${shard!.arguments} --lab ${LAB} --keep`, INPUT_SHARD: shard!.shard, INPUT_RETRIES: '0' })
  expect(verified).toMatchObject({ exit: 0, outputs: 'report=.proofbook/report\n', summary: expect.stringContaining('verified | example/refuse-a-range | kind') })
  for (const file of ['results.json', 'junit.xml', 'index.html']) expect(existsSync(join(repository, '.proofbook/report', file))).toBe(true)
  const { results: [result] } = JSON.parse(readFileSync(join(repository, '.proofbook/report/results.json'), 'utf8')) as { results: Result[] }
  expect(result).toMatchObject({ verdict: 'verified', leftBehind: [], source: { path: 'runbooks/example/refuse-a-range.md' }, controls: [{ check: 'refused', failed: true }] })
  cpSync(join(repository, '.proofbook/results'), join(repository, 'before'), { recursive: true })
  expect((await proofbook('issues', '--before', 'before', '--dry-run')).stdout).toBe('1 runbook: 1 held, 0 failed, 0 without a verdict; 0 issues would be told of\n')
})

test.each([
  ['whose undo does nothing', 'ip route del blackhole {{range}}', 'true', /left behind|route/i],
  ['whose step does nothing', 'ip route add blackhole {{range}}', 'true', /check `refused`/],
  ['that expects another route', '\nblackhole {{range}}\n', '\nunreachable {{range}}\n', /- unreachable 203\.0\.113\.0\/24\n\+ blackhole 203\.0\.113\.0\/24/],
])('one %s is not verified, and an issue would say why', async (_, before, after, told) => {
  const text = readFileSync(page, 'utf8')
  expect(text.split(before).length).toBe(2)
  writeFileSync(page, text.replace(before, after))
  const { exit, stdout } = await proofbook('verify', ...lab, '--keep', '--yes', '--json')
  writeFileSync(page, text)
  expect(exit).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({ result: { verdict: 'failed' } })
  const issue = await proofbook('issues', '--before', 'before', '--dry-run')
  console.log(issue.stdout)
  expect(issue.stdout).toMatch(/^opened example\/refuse-a-range fails on kind/)
  expect(issue.stdout).toMatch(told)
  expect(issue.stdout).toContain('The page has changed since')
})
