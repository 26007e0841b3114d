/** What a run asks before it does something, and what it does when nobody is there to ask. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { book, fence, type Book } from './cli-book.ts'

const step = (name: string, more = '', text = ''): string => fence(`bash step=${name}${more}`, `echo ${name} >> log${text}`)
  + fence(`bash rollback=${name}`, `echo undo-${name} >> log`)
const PAGE = step('one') + step('wipe', ' destructive') + step('three')
const run = ['run', 'a/page', '--target', 'local']

const logOf = ({ folder }: Book): string[] => existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8').trim().split('\n') : []

describe('a destructive step', () => {
  test('is not run by --yes alone: the run stops before it, exit 3, and says how to go on', async () => {
    const one = book({ 'a/page': PAGE })
    const { exit, stderr } = await one.cli([...run, '--yes'])
    expect(exit).toBe(3)
    expect(stderr).toContain('stopped before wipe: it is destructive, and --allow-destructive was not given')
    expect(logOf(one)).toEqual(['one'])
    const [, next = ''] = /go on: npx proofbook (.*)/.exec(stderr) ?? []
    expect((await one.cli(next.split(' '))).exit).toBe(0)
    expect(logOf(one)).toEqual(['one', 'wipe', 'three'])
  })

  test('runs by --yes with --allow-destructive', async () => {
    const one = book({ 'a/page': PAGE })
    expect((await one.cli([...run, '--yes', '--allow-destructive'])).exit).toBe(0)
    expect(logOf(one)).toEqual(['one', 'wipe', 'three'])
  })

  test('is asked for on a terminal, and nothing else is', async () => {
    const one = book({ 'a/page': PAGE })
    const { exit, stdout } = await one.onTerminal([...run, '--yes'], ['\n'])
    expect(exit).toBe(0)
    expect(stdout.match(/Enter run/g)).toHaveLength(1)
    expect(stdout).toContain('Step 2 of 3  wipe on workstation')
    expect(logOf(one)).toEqual(['one', 'wipe', 'three'])
  })
})

describe('an open step on a terminal', () => {
  const BROKEN = step('one') + step('two', '', '; test ! -e broken') + step('three')
  async function broken(): Promise<Book> {
    const one = book({ 'a/page': BROKEN })
    writeFileSync(join(one.folder, 'broken'), '')
    expect((await one.cli([...run, '--yes'])).exit).toBe(1)
    return one
  }

  test('d: it is done', async () => {
    const one = await broken()
    const { exit, stdout } = await one.onTerminal(['run', '--resume', 'last'], ['x\n', 'd\n', '\n'])
    expect({ exit, stdout }).toMatchObject({ exit: 0, stdout: expect.stringContaining('failed before') })
    expect(stdout).toContain('received "x"')
    expect(logOf(one)).toEqual(['one', 'two', 'three'])
  })

  test('n: it is not, and is offered as any other', async () => {
    const one = await broken()
    writeFileSync(join(one.folder, 'broken'), '')
    const { stdout } = await one.onTerminal(['run', '--resume', 'last'], ['n\n', 's\n', '\n'])
    expect(stdout).toContain('Step 2 of 3  two')
    expect(logOf(one)).toEqual(['one', 'two', 'three'])
  })

  test('q: nothing more happens', async () => {
    const one = await broken()
    expect((await one.onTerminal(['run', '--resume', 'last'], ['q\n'])).exit).toBe(3)
    expect(logOf(one)).toEqual(['one', 'two'])
  })

  test('rollback asks before each step, and stops when told to', async () => {
    const one = await broken()
    const { exit, stdout } = await one.onTerminal(['rollback', 'last', '--leave', 'two'], ['q\n'])
    expect(exit).toBe(130)
    expect(stdout).toContain('| echo undo-one >> log')
    expect(logOf(one)).toEqual(['one', 'two'])
    expect((await one.onTerminal(['rollback', 'last'], ['\n'])).exit).toBe(0)
    expect(logOf(one)).toEqual(['one', 'two', 'undo-one'])
  })
})

describe('--tags', () => {
  const TAGGED = fence('bash precheck=pre', 'echo pre >> log') + step('one', ' tags=net') + fence('bash check=of-one', 'echo of-one >> log')
    + step('two', ' tags=disk,slow') + fence('bash check=of-two', 'echo of-two >> log') + step('three') + fence('bash check=slow-one tags=slow', 'echo slow-one >> log')

  test.each([
    ['net', ['pre', 'one', 'of-one']],
    ['slow', ['pre', 'two', 'of-two', 'slow-one']],
    ['net,disk', ['pre', 'one', 'of-one', 'two', 'of-two']],
  ])('%s', async (tags, log) => {
    const one = book({ 'a/page': TAGGED })
    expect((await one.cli([...run, '--yes', '--tags', tags])).exit).toBe(0)
    expect(logOf(one)).toEqual(log)
  })

  test('a tag that the page does not have is refused with the nearest', async () => {
    const one = book({ 'a/page': TAGGED })
    expect(await one.cli([...run, '--yes', '--tags', 'slwo'])).toMatchObject({ exit: 2, stderr: expect.stringContaining('received --tags slwo, expected a tag of this page. Did you mean "slow"?') })
    expect(logOf(one)).toEqual([])
  })
})
