import { existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readOptions } from '../../../scripts/nightly/options.ts'
import { say } from '../../../scripts/nightly/run.ts'
import { runShard } from '../../../scripts/nightly/shard.ts'

test('options: what matrix and verify are both told, and what only a night has', () => {
  expect(readOptions([])).toEqual({ ids: [], axes: ['--on', 'kind'], shards: '2', retries: '1', lab: 'night', output: '.proofbook/night', site: true })
  expect(readOptions(['--on', 'kind,k3d', '--cni', 'cilium', '--cilium-version', '1.20', '--no-site', '--output', 'x', 'a/b', 'a/c'])).toMatchObject({
    ids: ['a/b', 'a/c'], axes: ['--on', 'kind,k3d', '--cni', 'cilium', '--cilium-version', '1.20'], site: false, output: 'x',
  })
  expect(() => readOptions(['--shard', '1/2'])).toThrow('--shard')
})

test('a program that ends badly, or cannot be started, is an exit code', async () => {
  expect(await say('x', ['bash', '-c', 'echo out; exit 4'], { cwd: '/' })).toEqual({ exit: 4, stdout: 'out\n' })
  expect(await say('x', ['/nowhere/at-all'], { cwd: '/' })).toMatchObject({ exit: 3, stdout: expect.stringContaining('ENOENT') as string })
})

test('a shard has a folder of its own with the book in it, and nothing of a shard before it', async () => {
  const root = mkdtempSync(join(tmpdir(), 'proofbook-night-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, 'book/runbooks'), { recursive: true })
  mkdirSync(join(root, 'book/.proofbook'))
  const output = join(root, 'night')
  mkdirSync(join(output, 'shards/2-of-3/.proofbook'), { recursive: true })
  writeFileSync(join(output, 'shards/2-of-3/.proofbook/history.jsonl'), 'old\n')
  // in place of the command line: it writes down what it was told
  const told = ['bash', '-c', 'mkdir .proofbook; printf "%s\\n" "$@" > .proofbook/told', 'told']
  const run = await runShard(join(root, 'book'), told, '2/3', { ...readOptions(['a/b', '--lab', 'mine']), output })
  expect(run).toMatchObject({ exit: 0, shard: '2/3', folder: join(output, 'shards/2-of-3/.proofbook') })
  expect(readFileSync(join(run.folder, 'told'), 'utf8').trimEnd().split('\n')).toEqual([
    'verify', 'a/b', '--on', 'kind', '--shard', '2/3', '--retries', '1', '--lab', 'mine-2', '--report', 'json,junit,html', '--yes',
  ])
  expect(readlinkSync(join(output, 'shards/2-of-3/runbooks'))).toBe(join(root, 'book/runbooks'))
  expect(existsSync(join(run.folder, 'history.jsonl'))).toBe(false)
})
