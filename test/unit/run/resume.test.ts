import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { Undecided } from '../../../src/run/errors.ts'
import { facts } from '../../../src/run/journal/facts.ts'
import { readJournal } from '../../../src/run/journal/read.ts'
import { Standing } from '../../../src/run/journal/standing.ts'
import { rollback } from '../../../src/run/rollback.ts'
import type { Decision } from '../../../src/run/settle.ts'
import type { Answer } from '../../../src/run/walk.ts'
import { fence, prove, statusOf, type Proof } from './prove.ts'

const step = (name: string, more = ''): string => fence(`bash step=${name}`, `echo ${name} >> log${more}`)
  + fence(`bash rollback=${name}`, `echo undo-${name} >> log`) + fence(`bash check=${name}-done`, `grep -qx ${name} log`)

const BROKEN = '; test ! -e broken'

const logOf = ({ cwd }: Proof): string[] => existsSync(join(cwd, 'log')) ? readFileSync(join(cwd, 'log'), 'utf8').trim().split('\n') : []
const stepsOf = (proof: Proof): string[] => logOf(proof).filter(line => !line.includes('check'))
const earlier = ({ folder }: Proof) => ({ earlier: readJournal(folder.journal) })
const decided = (name: string, as: Decision) => ({ decided: new Map([[name, as]]) })
const statesOf = ({ folder }: Proof): string[] => {
  const { lines } = readJournal(folder.journal)
  return facts({ standing: Standing.of(lines) }).filter(({ kind }) => kind === 'step').map(({ name, host, state }) => `${name} ${host} ${state}`)
}

/** A page whose second step fails, and that has run until there. */
async function broken(blocks = step('one') + step('two', BROKEN) + step('three')): Promise<Proof> {
  const proof = await prove(blocks)
  writeFileSync(join(proof.cwd, 'broken'), '')
  expect((await proof.walk()).verdict).toBe('failed')
  return proof
}

describe('a run that failed', () => {
  test('does not repeat the failed step unless somebody says so', async () => {
    const proof = await broken()
    await expect(proof.walk(earlier(proof))).rejects.toThrow(Undecided)
    await expect(proof.walk(earlier(proof))).rejects.toThrow('step two on workstation failed before')
    expect(stepsOf(proof)).toEqual(['one', 'two'])
  })

  test('runs it again when told to, and nothing else twice', async () => {
    const proof = await broken()
    rmSync(join(proof.cwd, 'broken'))
    const result = await proof.walk({ ...earlier(proof), ...decided('two', 'not-done') })
    expect(result.reason).toBe('run, not verified')
    expect(stepsOf(proof)).toEqual(['one', 'two', 'two', 'three'])
    expect(result.blocks.map(({ name, status }) => `${name} ${status}`))
      .toEqual(['one ok', 'one-done ok', 'two ok', 'two-done ok', 'three ok', 'three-done ok'])
  })

  test('takes it as done when told to, and runs its checks', async () => {
    const proof = await broken()
    await proof.walk({ ...earlier(proof), ...decided('two', 'done') })
    expect(stepsOf(proof)).toEqual(['one', 'two', 'three'])
    expect(statesOf(proof)).toEqual(['one workstation ok', 'two workstation ok', 'three workstation ok'])
  })

  test('asks the reader, who may stop without an answer', async () => {
    const proof = await broken()
    const asked: string[] = []
    const decide = async ({ step: { name }, state }: { step: { name: string }, state: string }): Promise<undefined> => { asked.push(`${name} ${state}`) }
    await expect(proof.walk({ ...earlier(proof), decide })).rejects.toThrow(Undecided)
    expect(asked).toEqual(['two failed'])
  })
})

describe('a step on several hosts', () => {
  const page = fence('bash step=all on=servers', 'echo x >> log; test "$(wc -l < log)" -ne 2 || test -e fine') + fence('bash rollback=all on=servers', 'echo undo >> log')

  test('is not run again where it is done', async () => {
    const proof = await prove(page)
    expect((await proof.walk()).verdict).toBe('failed')
    expect(statesOf(proof)).toEqual(['all s1 ok', 'all s2 failed'])
    await proof.walk({ ...earlier(proof), ...decided('all', 'not-done') })
    expect(logOf(proof)).toEqual(['x', 'x', 'x', 'x'])
    expect(statesOf(proof)).toEqual(['all s1 ok', 'all s2 ok', 'all s3 ok'])
  })

  test('is undone only where it had begun', async () => {
    const proof = await prove(page)
    await proof.walk()
    await rollback({ ...proof.options(), ...earlier(proof), ...decided('all', 'done') })
    expect(logOf(proof)).toEqual(['x', 'x', 'undo', 'undo'])
  })
})

describe('a step in flight', () => {
  /** The journal as a process leaves it that was killed in step two. */
  async function killed(blocks: string): Promise<Proof> {
    const proof = await broken(blocks)
    const rows = readFileSync(proof.folder.journal, 'utf8').trim().split('\n')
    const start = rows.findIndex(row => row.includes('"start"') && row.includes('"two"'))
    writeFileSync(proof.folder.journal, `${rows.slice(0, start + 1).join('\n')}\n{"v":1,"se`)
    rmSync(join(proof.cwd, 'broken'))
    return proof
  }

  test('is done when its check holds', async () => {
    const proof = await killed(step('one') + step('two', BROKEN) + step('three'))
    await proof.walk(earlier(proof))
    expect(stepsOf(proof)).toEqual(['one', 'two', 'three'])
    expect(proof.events.find(({ event }) => event === 'settled')).toMatchObject({ as: 'done', by: 'check two-done' })
  })

  test('is open when its check does not hold, and the reason is told', async () => {
    const proof = await killed(step('one') + step('two', BROKEN))
    rmSync(join(proof.cwd, 'log'))
    await expect(proof.walk(earlier(proof))).rejects.toThrow('step two on workstation was in flight when the run ended: unknown whether it was done, and its check two-done does not hold (exit 2)')
  })

  test('is open when no check follows it', async () => {
    const proof = await killed(step('one') + fence('bash step=two rollback="none: test"', 'test ! -e broken') + step('three'))
    await expect(proof.walk(earlier(proof))).rejects.toThrow('no check follows it here')
  })

  test('that still runs is waited for', async () => {
    const proof = await killed(step('one') + step('two', BROKEN))
    rmSync(join(proof.cwd, 'log'))
    const { lines } = readJournal(proof.folder.journal)
    expect(lines[0]?.event).toBe('begin')
    const mark = `${proof.folder.id}/1`
    const host = proof.options().target.hosts[0]!
    // Each waits for the other: the walk until the step that is left runs, and that step until the walk has seen it.
    const left = host.bash('touch runs; until test -e seen; do sleep 0.05; done; echo two >> log', { timeout: 10_000, env: { PROOFBOOK_PROCESS: mark } })
    await vi.waitUntil(() => existsSync(join(proof.cwd, 'runs')), { timeout: 10_000 })
    await proof.walk({ ...earlier(proof), listen: event => {
      proof.events.push(event)
      if (event.event === 'leftover') writeFileSync(join(proof.cwd, 'seen'), '')
    } })
    expect((await left).exit).toBe(0)
    expect(proof.events.find(({ event }) => event === 'leftover')).toMatchObject({ name: 'two', pids: expect.arrayContaining([expect.any(Number)]) })
    expect(proof.events.find(({ event }) => event === 'settled')).toMatchObject({ as: 'done' })
    expect(stepsOf(proof)).toEqual(['two'])
  })
})

describe('rollback', () => {
  const page = step('one') + step('two') + step('three')

  test('undoes all that was done, last first', async () => {
    const proof = await prove(page)
    await proof.walk()
    expect(await rollback({ ...proof.options(), ...earlier(proof) })).toMatchObject({ verdict: 'not-run', reason: 'undone' })
    expect(stepsOf(proof)).toEqual(['one', 'two', 'three', 'undo-three', 'undo-two', 'undo-one'])
    expect(statesOf(proof)).toEqual(['one workstation undone', 'two workstation undone', 'three workstation undone'])
  })

  test('to a step leaves that step, and the run can go on from there with its checks', async () => {
    const proof = await prove(page)
    await proof.walk()
    await rollback({ ...proof.options(), ...earlier(proof), to: 'one' })
    expect(stepsOf(proof).slice(3)).toEqual(['undo-three', 'undo-two'])
    const result = await proof.walk(earlier(proof))
    expect(stepsOf(proof).slice(5)).toEqual(['two', 'three'])
    expect(statusOf(result, 'two-done')).toEqual(['steps ok workstation'])
  })

  test('does not undo what failed or was in flight unless somebody says that it is done', async () => {
    const proof = await broken()
    await expect(rollback({ ...proof.options(), ...earlier(proof) })).rejects.toThrow(Undecided)
    expect(stepsOf(proof)).toEqual(['one', 'two'])
    await rollback({ ...proof.options(), ...earlier(proof), ...decided('two', 'not-done') })
    expect(stepsOf(proof)).toEqual(['one', 'two', 'undo-one'])
  })

  test('a name that the run has not done is refused', async () => {
    const proof = await broken()
    await expect(rollback({ ...proof.options(), ...earlier(proof), to: 'three' })).rejects.toThrow('received --to three, expected a step that this run has done: one, two')
  })
})

test('a step that the reader left out is not offered again', async () => {
  const page = fence('bash step=one rollback="none: test"', 'touch one') + fence('bash step=two rollback="none: test"', 'touch two')
  const proof = await prove(page)
  const answers: Answer[] = ['skip', 'stop']
  await proof.walk({ ask: async () => answers.shift()! })
  const asked: string[] = []
  await proof.walk({ ...earlier(proof), ask: async ({ name }) => { asked.push(name); return 'run' } })
  expect(asked).toEqual(['two'])
  expect(statesOf(proof)).toEqual(['one workstation skipped', 'two workstation ok'])
})
