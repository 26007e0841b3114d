import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { book, fence, type Book } from './cli-book.ts'

const WORD = 'variables:\n  word: { type: name, default: hello, label: A word }\n'
const step = (name: string, more = ''): string => fence(`bash step=${name}`, `echo ${name} {{word}} >> log${more}`)
  + fence(`bash rollback=${name}`, `echo undo-${name} >> log`) + fence(`bash check=${name}-done`, `grep -q ${name} log`)
const PAGE = step('one') + step('two', '; test ! -e broken') + step('three')
const run = ['run', 'a/page', '--target', 'local', '--yes']

const logOf = ({ folder }: Book): string[] => readFileSync(join(folder, 'log'), 'utf8').trim().split('\n')

/** A run whose second step failed. */
async function broken(): Promise<Book> {
  const one = book({ 'a/page': PAGE }, WORD)
  writeFileSync(join(one.folder, 'broken'), '')
  expect((await one.cli([...run, '--set', 'word=moin'])).exit).toBe(1)
  return one
}

test('a failure says how to go on and how to undo; both work with the values of then', async () => {
  const one = await broken()
  const { cli, runs } = one
  const [id = ''] = readdirSync(runs)
  const { exit, stderr } = await cli(['run', '--resume', id, '--yes'])
  expect(exit).toBe(3)
  expect(stderr).toContain(`proofbook run --resume ${id} --again two`)
  writeFileSync(join(one.folder, 'broken'), '')
  expect((await cli(['run', '--resume', id.slice(0, 15), '--yes', '--done', 'two'])).exit).toBe(0)
  expect(logOf(one)).toEqual(['one moin', 'two moin', 'three moin'])
  expect((await cli(['rollback', 'last', '--yes', '--to', 'one'])).stdout).toBe(`undone a/page on local   run: ${id}\n`)
  expect(logOf(one).slice(3)).toEqual(['undo-three', 'undo-two'])
})

test('runs list, show, diff and export tell what is in the journals', async () => {
  const { cli, runs } = await broken()
  expect((await cli([...run])).exit).toBe(1)
  const [first = '', second = ''] = readdirSync(runs).toSorted()
  const list = JSON.parse((await cli(['runs', 'list', '--json'])).stdout) as { runs: object[] }
  expect(list.runs).toMatchObject([second, first].map(id => ({ run: id, runbook: 'a/page', target: 'local', end: expect.stringContaining('failed: step two on local') })))
  const { stdout } = await cli(['runs', 'show', first])
  expect(stdout).toContain('values  word=moin')
  expect(stdout).toMatch(/failed +step two +local +\d\.\d s +exit 1/)
  const diff = await cli(['runs', 'diff', first, second])
  expect(diff.exit).toBe(1)
  expect(diff.stdout.split('\n').slice(2, 4)).toEqual(['- value word=moin', '+ value word=hello'])
  expect((await cli(['runs', 'diff', first, first])).exit).toBe(0)
  const whole = JSON.parse((await cli(['runs', 'export', first])).stdout) as { schema: number, script: string, events: { event: string }[] }
  expect(whole).toMatchObject({ schema: 1, run: first, script: expect.stringContaining('book.step') })
  expect(whole.events.at(-1)).toMatchObject({ event: 'verdict', verdict: 'failed' })
  expect((await cli(['runs', 'export', first, '--format', 'junit'])).stdout).toMatch(/<failure message="exit 1">/)
})

describe('what cannot be meant is refused, and nothing runs', () => {
  test.each([
    [['run', '--resume', 'nothing', '--yes'], 'received run "nothing"'],
    [['run', '--resume', 'last', '--yes', '--from', 'one'], 'received --from with --resume'],
    [['run', '--resume', 'last', '--yes', '--set', 'word=x'], 'received --set with --resume'],
    [['run', 'a/other', '--resume', 'last', '--yes'], 'expected a/page'],
    [['run', '--resume', 'last', '--yes', '--again', 'one'], 'received --again one, expected a step of which it is open whether it is done: two'],
    [['run', '--resume', 'last'], 'no terminal to ask on'],
    [['run', 'a/page', '--target', 'local', '--yes', '--again', 'one'], 'with --resume'],
    [['run', '--yes'], 'received no runbook'],
    [['rollback', 'last', '--yes', '--to', 'three'], 'expected a step that this run has done: one, two'],
    [['rollback', 'last'], 'no terminal to ask on'],
  ])('%j', async (args, message) => {
    const one = await broken()
    const { exit, stdout, stderr } = await one.cli(args)
    expect({ exit, stdout, stderr }).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringContaining(message) })
    expect(logOf(one)).toEqual(['one moin', 'two moin'])
  })
})

test('two runs on one machine: the second is exit 3, tells who works there, and leaves no run behind', async () => {
  const { start, cli, folder, runs } = book({ 'a/long': fence('bash step=long rollback="none: waits"', 'echo begun; until [ -e go ]; do sleep 0.05; done') })
  const args = ['run', 'a/long', '--target', 'local', '--yes']
  const first = start(args)
  await first.printed('begun')
  const { exit, stderr } = await cli(args)
  expect(exit).toBe(3)
  expect(stderr).toContain(`process ${first.process.pid} on`)
  expect((await cli(['runs', 'list'])).stdout).toContain('at work')
  writeFileSync(join(folder, 'go'), '')
  expect((await first.ended).exit).toBe(0)
  expect(readdirSync(runs)).toHaveLength(1)
})

test('a run that was killed leaves a lock: another run is told, its own goes on', async () => {
  const { start, cli, folder, runs } = book({ 'a/long': fence('bash step=long rollback="none: waits"', 'echo begun; until [ -e go ]; do sleep 0.05; done; touch done') })
  const args = ['run', 'a/long', '--target', 'local', '--yes']
  const first = start(args)
  await first.printed('begun')
  first.process.kill('SIGKILL')
  await first.ended
  writeFileSync(join(folder, 'go'), '')
  const [id = ''] = readdirSync(runs)
  expect((await cli(args)).stderr).toContain(`run --resume ${id}`)
  expect((await cli(['runs', 'list'])).stdout).toContain('killed or its machine lost')
  expect((await cli(['run', '--resume', id, '--yes', '--done', 'long'])).exit).toBe(0)
  expect((await cli([...args, '--break-lock'])).exit).toBe(0)
})

test('a journal that is damaged is told by its line', async () => {
  const { cli, runs } = await broken()
  const [id = ''] = readdirSync(runs)
  const file = join(runs, id, 'journal.jsonl')
  writeFileSync(file, readFileSync(file, 'utf8').replace('"seq":4', '"seq":7'))
  expect(await cli(['run', '--resume', id, '--yes'])).toMatchObject({ exit: 2, stderr: expect.stringContaining('journal.jsonl:4: received event 7, expected event 4') })
  mkdirSync(join(runs, '99990101-000000-empty'))
  expect((await cli(['runs', 'list'])).exit).toBe(0)
  expect(existsSync(file)).toBe(true)
})
