/** A page stopped before one of its steps: all that it did is undone, with the cleanups and checks of the whole page. */
import { expect, test } from 'vitest'
import { abortPoints, heldBefore, refuseUnknownChecks } from '../../../src/run/abort.ts'
import { planOf, type Planned } from '../../../src/run/plan.ts'
import { fence, labTarget, prove, statusOf } from './prove.ts'

const step = (name: string, undo = `rm ${name}`): string => fence(`bash step=${name} on=lb`, `touch ${name}`) + fence(`bash rollback=${name} on=lb`, undo)
const check = (name: string, words = ''): string => fence(`bash check=${name}${words}`, 'true')

const PAGE = check('before')
  + step('one') + check('one-is-there') + fence('bash drill=harm', 'touch harm') + check('harmed', ' needs=harm')
  + step('elsewhere').replaceAll('step=elsewhere', 'step=elsewhere if=distro:k3s').replaceAll('rollback=elsewhere', 'rollback=elsewhere if=distro:k3s') + check('after-elsewhere')
  + step('two') + check('two-is-there')
  + fence('bash precheck=nothing-there', '! ls one two 2> /dev/null')
  + fence('bash cleanup=tidy', 'rm --force harm')

test('every step that runs here is a point, up to the next one that runs here', async () => {
  const proof = await prove(PAGE)
  const { script, target } = proof.options()
  const points = abortPoints({ target, plan: await planOf(script), left: () => undefined, drills: true })
  expect(points.map(({ step: { name }, before }) => [name, before])).toEqual([['one', 'two'], ['two', undefined]])
})

test('checks and drills up to the next step run, nothing from there on; undos, cleanups and prechecks do wherever they stand', async () => {
  const proof = await prove(PAGE)
  const result = await proof.verify({ abort: { before: 'two', again: [] } })
  expect(result).toMatchObject({ verdict: 'not-run', reason: 'only the way back was tried, from before two', leftBehind: [] })
  expect(result).not.toHaveProperty('controls')
  expect(statusOf(result, 'one')).toEqual(['steps ok lb', 'rollback ok lb'])
  expect(statusOf(result, 'harmed')).toEqual(['steps ok workstation'])
  expect(statusOf(result, 'after-elsewhere')).toEqual(['steps ok workstation'])
  expect(statusOf(result, 'two')).toEqual(['steps not-run lb', 'rollback not-run lb'])
  expect(statusOf(result, 'two-is-there')).toEqual(['steps not-run workstation'])
  expect(statusOf(result, 'nothing-there')).toEqual(['precheck ok workstation', 'after-rollback ok workstation'])
  expect(result.blocks.find(({ kind }) => kind === 'cleanup')).toMatchObject({ name: 'tidy', status: 'ok' })
})

test('the whole page may go back where one cannot after a step in its middle', async () => {
  // The undo of the second step also takes away what the first one leaves.
  const page = fence('bash step=one', 'touch one left') + fence('bash rollback=one', 'rm one') + step('two', 'rm two left')
  expect((await (await prove(page)).verify()).verdict).toBe('verified')
  expect(await (await prove(page)).verify({ abort: { before: 'two', again: [] } }))
    .toMatchObject({ verdict: 'failed', reason: '1 fact differs from before: + file left ', leftBehind: ['+ file left '] })
})

test('an undo that fails is the failure, and what held before must hold again', async () => {
  const page = step('one', 'test -e two; rm one') + step('two')
  expect(await (await prove(page)).verify({ abort: { before: 'two', again: [] } })).toMatchObject({ verdict: 'failed', failure: { kind: 'rollback', name: 'one' } })
  const proof = await prove(check('nothing').replace('true', '! test -e one') + step('one', 'true') + step('two', 'rm one two'))
  const target = labTarget(proof.cwd, { inventory: async () => [] })
  const result = await proof.verify({ abort: { before: 'two', again: [] }, target })
  expect(result).toMatchObject({ verdict: 'failed', failure: { kind: 'check', name: 'nothing' } })
  expect(statusOf(result, 'nothing')).toEqual(['steps ok workstation', 'after-rollback failed workstation'])
})

test('from the end the way back alone is tried: no second pass, no controls, no word on the page', async () => {
  const proof = await prove(step('one', 'rm one') + check('seen'), { idempotent: true })
  const result = await proof.verify({ abort: { again: [] } })
  expect(result).toMatchObject({ verdict: 'not-run', reason: 'only the way back was tried' })
  expect(result).not.toHaveProperty('secondPass')
  expect(result).not.toHaveProperty('controls')
})

test('named checks are asked again where they held, before the cleanups take away what they look at', async () => {
  const proof = await prove(PAGE)
  const harmed = await proof.verify({ abort: { before: 'two', again: ['harmed', 'two-is-there', 'before'] } })
  expect(harmed.verdict).toBe('not-run')
  expect(statusOf(harmed, 'harmed')).toEqual(['steps ok workstation', 'after-rollback ok workstation'])
  expect(statusOf(harmed, 'two-is-there')).toEqual(['steps not-run workstation'])
  expect(proof.events.filter(event => event.event === 'start' && event.name === 'before' && event.phase === 'after-rollback')).toHaveLength(1)
  const gone = await prove(step('one') + check('one-is-there').replace('true', 'test -e one') + step('two'))
  expect(await gone.verify({ abort: { before: 'two', again: ['one-is-there'] } })).toMatchObject({ verdict: 'failed', failure: { name: 'one-is-there' } })
})

test('a check to ask again is one of the page', () => {
  const plan = [{ kind: 'check', name: 'all-works' }, { kind: 'step', name: 'move' }] as unknown as readonly Planned[]
  expect(() => refuseUnknownChecks('--again', plan, ['all-works'])).not.toThrow()
  expect(() => refuseUnknownChecks('--again', plan, ['all-work'])).toThrow('received --again all-work, expected a check of this page. Did you mean "all-works"?')
  expect(() => refuseUnknownChecks('--again', plan, ['move'])).toThrow('expected a check of this page')
  expect(heldBefore(plan, ['all-works'], [])).toEqual([])
})
