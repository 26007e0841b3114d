/** A page that says it is idempotent is gone through twice. */
import { expect, test } from 'vitest'
import { fence, prove, statusOf } from './prove.ts'

const step = (text: string, words = ''): string => fence(`bash step=write on=lb${words}`, text) + fence('bash rollback=write on=lb', 'rm --force state')
const there = fence('bash check=there on=lb', 'grep -q state state')
const phases = (proof: Awaited<ReturnType<typeof prove>>, name: string): string[] =>
  proof.events.flatMap(event => event.event === 'start' && event.name === name ? [event.phase] : [])

test('one that changes nothing the second time is verified, and says so', async () => {
  const proof = await prove(step('echo state > state') + there, { idempotent: true })
  const result = await proof.verify()
  expect(result).toMatchObject({ verdict: 'verified', secondPass: [], leftBehind: [] })
  expect(statusOf(result, 'write')).toEqual(['steps ok lb', 'second-pass ok lb', 'rollback ok lb'])
  expect(statusOf(result, 'there')).toEqual(['steps ok lb', 'second-pass ok lb'])
})

test('one that adds something each time fails, with what it added', async () => {
  const proof = await prove(step('echo state >> state') + there, { idempotent: true })
  expect(await proof.verify()).toMatchObject({
    verdict: 'failed', secondPass: ['- file state state', '+ file state state\nstate'], leftBehind: [],
    reason: '2 facts differ after the second pass: - file state state',
  })
})

test('one whose step fails the second time fails there, and is undone', async () => {
  const proof = await prove(step('set -o noclobber; echo state > state') + there, { idempotent: true })
  const result = await proof.verify({ undoAfterFailure: true })
  expect(result.verdict).toBe('failed')
  expect(result.failure).toMatchObject({ kind: 'step', name: 'write' })
  expect(statusOf(result, 'write')).toEqual(['steps ok lb', 'second-pass failed lb', 'rollback ok lb'])
})

test('drills, what looks at them, and steps that must not run twice are left out', async () => {
  const proof = await prove(step('test ! -e state; echo state > state', ' once') + there
    + fence('bash drill=harm', 'echo harm > harm') + fence('bash check=harmed needs=harm', 'rm harm'), { idempotent: true })
  expect((await proof.verify()).verdict).toBe('verified')
  expect([phases(proof, 'write'), phases(proof, 'there'), phases(proof, 'harm'), phases(proof, 'harmed')])
    .toEqual([['steps', 'rollback'], ['steps', 'second-pass'], ['steps'], ['steps']])
})

test('a page that does not say so is not gone through twice', async () => {
  const proof = await prove(step('echo state >> state') + there)
  const result = await proof.verify()
  expect(result.verdict).toBe('verified')
  expect(result).not.toHaveProperty('secondPass')
})
