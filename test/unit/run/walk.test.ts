import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Answer, Ask } from '../../../src/run/walk.ts'
import { fence, prove, statusOf } from './prove.ts'

const step = (name: string): string => fence(`bash step=${name}`, `echo ${name} >> log`)
  + fence(`bash rollback=${name}`, `echo undo-${name} >> log`) + fence(`bash check=${name}-done`, `echo check-${name} >> log`)

/** Answers in turn, and what was asked. */
function answers(...given: Answer[]): { ask: Ask, asked: string[] } {
  const asked: string[] = []
  return { asked, ask: async (block, last) => {
    asked.push(`${block.name} after ${last?.name ?? 'nothing'}`)
    return given.shift() ?? 'run'
  } }
}

const logOf = (cwd: string): string[] => readFileSync(join(cwd, 'log'), 'utf8').trim().split('\n')

test('keeps what it did: no rollback, no drill, no verdict', async () => {
  const { walk, cwd } = await prove(step('one') + fence('bash drill=harm', 'echo harm >> log') + fence('bash check=of-harm needs=harm', 'false'))
  const result = await walk()
  expect(result).toMatchObject({ verdict: 'not-run', reason: 'run, not verified' })
  expect(logOf(cwd)).toEqual(['one', 'check-one'])
  expect(statusOf(result, 'harm')).toEqual(['steps skipped workstation'])
  expect(result.blocks.find(({ name }) => name === 'of-harm')?.reason).toBe('needs harm, which does not run here')
})

test('a failure stops it and undoes nothing', async () => {
  const { walk, cwd } = await prove(step('one') + fence('bash step=bad rollback="none: fails"', 'exit 3') + step('three'))
  const result = await walk()
  expect(result).toMatchObject({ verdict: 'failed', failure: { name: 'bad', received: 'exit 3' } })
  expect(logOf(cwd)).toEqual(['one', 'check-one'])
})

describe('the reader', () => {
  test('is asked before each step and nothing else', async () => {
    const { ask, asked } = answers()
    const { walk } = await prove(step('one') + step('two'))
    await walk({ ask })
    expect(asked).toEqual(['one after nothing', 'two after one'])
  })

  test('skips a step', async () => {
    const { walk, cwd } = await prove(step('one') + step('two'))
    const result = await walk({ ask: answers('skip').ask })
    expect(logOf(cwd)).toEqual(['check-one', 'two', 'check-two'])
    expect(statusOf(result, 'one')).toEqual(['steps skipped workstation'])
  })

  test('stops before a step and keeps what is done', async () => {
    const { walk, cwd } = await prove(step('one') + step('two'))
    const result = await walk({ ask: answers('run', 'stop').ask })
    expect(result).toMatchObject({ verdict: 'not-run', reason: 'stopped before two' })
    expect(logOf(cwd)).toEqual(['one', 'check-one'])
  })

  test('undoes the last step, which is offered again with its checks', async () => {
    const { ask, asked } = answers('run', 'undo', 'run', 'run')
    const { walk, cwd } = await prove(step('one') + step('two'))
    await walk({ ask })
    expect(logOf(cwd)).toEqual(['one', 'check-one', 'undo-one', 'one', 'check-one', 'two', 'check-two'])
    expect(asked).toEqual(['one after nothing', 'two after one', 'one after nothing', 'two after one'])
  })

  test('undoes two steps, one after the other', async () => {
    const { walk, cwd } = await prove(step('one') + step('two') + step('three'))
    await walk({ ask: answers('run', 'run', 'undo', 'undo', 'stop').ask })
    expect(logOf(cwd)).toEqual(['one', 'check-one', 'two', 'check-two', 'undo-two', 'undo-one'])
  })
})

describe('selection', () => {
  const page = fence('bash precheck=pre', 'echo pre >> log') + step('one') + step('two') + step('three')

  test.each([
    [{ from: 'two' }, ['two', 'check-two', 'three', 'check-three']],
    [{ until: 'one' }, ['pre', 'one', 'check-one']],
    [{ from: 'two', until: 'two' }, ['two', 'check-two']],
    [{ only: 'two' }, ['two']],
    [{ from: 'three-done' }, ['check-three']],
  ])('%j', async (selection, log) => {
    const { walk, cwd } = await prove(page)
    await walk({ selection })
    expect(logOf(cwd)).toEqual(log)
  })

  test('an unknown name is refused with the nearest, and nothing runs', async () => {
    const { walk, cwd } = await prove(page)
    await expect(walk({ selection: { only: 'tow' } })).rejects.toThrow('received --only tow, expected a step, check or drill of this page. Did you mean "two"?')
    expect(existsSync(join(cwd, 'log'))).toBe(false)
  })

  test('a failure tells what the selection left out', async () => {
    const { walk } = await prove(step('one') + fence('bash check=later needs=one', 'test -e log'))
    expect((await walk({ selection: { from: 'later' } })).failure?.hint).toBe('it needs one, which this run left out')
  })
})
