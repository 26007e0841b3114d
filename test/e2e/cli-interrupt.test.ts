import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { book, fence } from './cli-book.ts'

const LONG = fence('bash step=long rollback="none: waits"', 'sleep 301 & echo pids $$ $!; wait') + fence('bash step=after rollback="none: never"', 'touch after')

/** Whether a process runs; a zombie that nobody reaped does not count. */
function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s during a long step', signal => {
  test('ends all of it, keeps the journal, exits 130', async () => {
    const { folder, runs, start } = book({ 'a/long': LONG })
    const running = start(['run', 'a/long', '--target', 'local', '--yes', '--json'])
    await running.printed('pids')
    running.process.kill(signal)
    const { exit, stdout, stderr } = await running.ended
    expect(exit).toBe(130)
    const [, shell, child] = /pids (\d+) (\d+)/.exec(stderr) ?? []
    expect([shell, child].map(Number).filter(alive)).toEqual([])
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, result: { verdict: 'infrastructure-error', reason: 'interrupted' } })
    const [run = ''] = readdirSync(runs)
    expect(readFileSync(join(runs, run, 'journal.jsonl'), 'utf8')).toContain('"reason":"interrupted"')
    expect(readdirSync(folder)).not.toContain('after')
  })
})

describe('SIGKILL during a long step', () => {
  // `timeout` makes a group of its own, setsid a session.
  const PAGE = fence('bash step=daemon rollback="none: stays"', 'setsid sleep 302 > /dev/null 2>&1 & echo $! > daemon')
    + fence('bash step=long rollback="none: waits"', 'sleep 303 & echo $! > pids; timeout 300 sleep 304 & echo $! >> pids; setsid sleep 305 & echo $! >> pids; echo all $$ | tee -a pids; wait')
    + fence('bash step=after rollback="none: never"', 'touch after')

  test('ends all of it, leaves alone what a step before left, and the journal does not know how far it came', async () => {
    const { folder, start, cli } = book({ 'a/long': PAGE })
    const running = start(['run', 'a/long', '--target', 'local', '--yes'])
    await running.printed('all ')
    running.process.kill('SIGKILL')
    expect((await running.ended).exit).toBe(null)
    const pids = readFileSync(join(folder, 'pids'), 'utf8').match(/\d+/g)!.map(Number)
    expect(pids).toHaveLength(4)
    // Each of them, at the latest after two grace times: one for the group, one for what has left it.
    await vi.waitUntil(() => !pids.some(alive), { timeout: 15_000, interval: 50 })
    const daemon = Number(readFileSync(join(folder, 'daemon'), 'utf8'))
    expect(alive(daemon)).toBe(true)
    process.kill(daemon)

    const { blocks } = JSON.parse((await cli(['runs', 'show', 'last', '--json'])).stdout) as { blocks: { name: string, state: string }[] }
    expect(blocks.map(({ name, state }) => `${name} ${state}`)).toEqual(['daemon ok', 'long unknown'])
    expect(await cli(['run', '--resume', 'last', '--yes'])).toMatchObject({
      exit: 3, stderr: expect.stringContaining('step long on local was in flight when the run ended: unknown whether it was done'),
    })
    expect(readdirSync(folder)).not.toContain('after')
  })

  test('a background block ends with it', async () => {
    const { folder, start } = book({ 'a/service': fence('bash step=serve background ready=output:up rollback="none: ends"', 'echo $$ > serve; echo up; sleep 306')
      + fence('bash step=long rollback="none: waits"', 'echo $$ > long; echo begun; sleep 307') })
    const running = start(['run', 'a/service', '--target', 'local', '--yes'])
    await running.printed('begun')
    running.process.kill('SIGKILL')
    await running.ended
    const pids = ['serve', 'long'].map(name => Number(readFileSync(join(folder, name), 'utf8')))
    await vi.waitUntil(() => !pids.some(alive), { timeout: 15_000, interval: 50 })
  })
})

test('a second Ctrl-C does not cut the clean-up short', async () => {
  const { start } = book({ 'a/stubborn': fence('bash step=long rollback="none: waits"', 'trap "" TERM; echo pids $$; sleep 301; sleep 301') })
  const running = start(['run', 'a/stubborn', '--target', 'local', '--yes'])
  await running.printed('pids')
  running.process.kill('SIGINT')
  await running.printed('interrupted')
  running.process.kill('SIGINT')
  await running.printed('please wait')
  const { exit, stderr } = await running.ended
  expect(exit).toBe(130)
  expect(alive(Number(/pids (\d+)/.exec(stderr)?.[1]))).toBe(false)
})

describe('on a terminal', () => {
  const PAGE = ['one', 'two', 'three'].map(name => fence(`bash step=${name}`, `echo ${name} >> log`) + fence(`bash rollback=${name}`, `echo undo-${name} >> log`)).join('\n')
  const run = ['run', 'a/page', '--target', 'local']
  const logOf = (folder: string): string[] => readFileSync(join(folder, 'log'), 'utf8').trim().split('\n')

  test('asks before each step: Enter runs, s skips', async () => {
    const { folder, onTerminal } = book({ 'a/page': PAGE })
    const { exit, stdout } = await onTerminal(run, ['\n', 's\n', '\n'])
    expect(exit).toBe(0)
    expect(logOf(folder)).toEqual(['one', 'three'])
    expect(stdout).toContain('Step 2 of 3  two on workstation')
    expect(stdout).toContain('| echo two >> log')
  })

  test('b undoes the last, q stops and keeps the journal', async () => {
    const { folder, onTerminal } = book({ 'a/page': PAGE })
    const { exit, stdout } = await onTerminal(run, ['\n', 'b\n', '\n', 'q\n'])
    expect(exit).toBe(130)
    expect(logOf(folder)).toEqual(['one', 'undo-one', 'one'])
    expect(stdout).toContain('stopped before two')
  })

  test('? tells why, any other key is told the keys', async () => {
    const { onTerminal } = book({ 'a/page': `${PAGE}\nBecause of the test.` })
    const { stdout } = await onTerminal(run, ['x\n', '?\n', 'q\n'])
    expect(stdout).toContain('received "x"')
    expect(stdout).toContain('The page gives no reason.')
  })

  test('a value that nobody gave is asked for, until it is one', async () => {
    const { folder, onTerminal } = book({ 'a/page': fence('bash step=one', 'echo {{word}} >> log') + fence('bash rollback=one', 'true') },
      'variables:\n  word: { type: name, default: hello, label: A word }\n')
    const { exit, stdout } = await onTerminal(run, ['two words\n', 'moin\n', '\n'])
    expect(exit).toBe(0)
    expect(stdout).toContain('A word (word) [hello]')
    expect(stdout).toContain('received "two words"')
    expect(logOf(folder)).toEqual(['moin'])
  })

  test('Ctrl-C at a question is exit 130', async () => {
    const { onTerminal } = book({ 'a/page': PAGE })
    expect((await onTerminal(run, ['\u0003'])).exit).toBe(130)
  })
})
