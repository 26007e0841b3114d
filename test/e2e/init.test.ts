/** The package as published, in an empty git repository: `init`, and the sample it writes verified in a lab. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { emptyFolder, install, pack, run } from '../unit/pack/packed.ts'

const lab = ['--lab', `init-${process.pid}`]
const made = emptyFolder()
const [home, repository] = [join(made.folder, 'home'), join(made.folder, 'repository')]
const page = join(repository, 'runbooks/example/refuse-a-range.md')
const proofbook = (...args: string[]) => run(process.execPath, [join(home, 'node_modules/proofbook/dist/cli/main.js'), ...args], repository)

beforeAll(() => {
  mkdirSync(home)
  mkdirSync(repository)
  install(home, pack(made.folder).tarball)
  execFileSync('git', ['init', '--quiet'], { cwd: repository })
})
afterAll(async () => {
  await proofbook('lab', 'down', ...lab)
  made.done()
})

test('the sample is verified as it is written', async () => {
  expect(await proofbook('init')).toMatchObject({ exit: 0 })
  const { exit, stdout, stderr } = await proofbook('verify', ...lab, '--keep', '--yes', '--json')
  expect(exit, stderr).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ result: {
    runbook: 'example/refuse-a-range', verdict: 'verified', leftBehind: [], source: { path: 'runbooks/example/refuse-a-range.md' },
    controls: [{ check: 'refused', failed: true }],
  } })
})

test.each([
  ['whose undo does nothing', 'ip route del blackhole {{range}}', 'true'],
  ['whose step does nothing', 'ip route add blackhole {{range}}', 'true'],
  ['that expects another route', '\nblackhole {{range}}\n', '\nunreachable {{range}}\n'],
])('one %s is not', async (_, before, after) => {
  const text = readFileSync(page, 'utf8')
  expect(text.split(before).length).toBe(2)
  writeFileSync(page, text.replace(before, after))
  const { exit, stdout } = await proofbook('verify', ...lab, '--keep', '--yes', '--json')
  writeFileSync(page, text)
  expect(exit).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({ result: { verdict: 'failed' } })
})
