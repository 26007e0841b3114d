import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sealed } from '../../../src/report/digest.ts'
import { InfrastructureError } from '../../../src/run/errors.ts'
import { fence, labTarget, prove, statusOf } from './prove.ts'

const WRITE = fence('bash step=write on=lb', 'echo state > state') + fence('bash rollback=write on=lb', 'rm state')

describe('a page that holds', () => {
  const page = fence('bash precheck=nothing-there on=lb', '! test -e state')
    + fence('bash check=before', 'echo before >> log') + WRITE
    + fence('bash check=there on=lb', 'cat state') + fence('text output', 'state')
    + fence('bash drill=harm', 'echo harm >> log')
    + fence('bash step=second rollback="none: changes nothing"', 'true')
    + fence('bash cleanup=log', 'rm log')

  test('is verified, in the order of the contract', async () => {
    const { verify, events, folder } = await prove(page)
    const result = await verify()
    expect(result.verdict).toBe('verified')
    expect(result.leftBehind).toEqual([])
    expect(result.versions).toEqual({ bash: '5' })
    const order = events.flatMap(event => event.event === 'start' ? [`${event.phase}:${event.kind}:${event.name}`] : [])
    expect(order).toEqual([
      'precheck:precheck:nothing-there',
      'steps:check:before', 'steps:step:write', 'steps:check:there', 'steps:drill:harm', 'steps:step:second',
      'rollback:rollback:write',
      'after-rollback:precheck:nothing-there', 'after-rollback:check:before',
      'cleanup:cleanup:log',
    ])
    expect(JSON.parse(readFileSync(folder.result, 'utf8'))).toEqual(sealed(result))
  })

  test('versions are read after the steps and before the rollback', async () => {
    const proof = await prove(page)
    let seen: boolean | undefined
    const target = labTarget(proof.cwd, { versions: async () => {
      seen = existsSync(join(proof.cwd, 'state'))
      return {}
    } })
    await proof.verify({ target })
    expect(seen).toBe(true)
  })
})

test('what holds on a stand-in is not verified, and says what stood in', async () => {
  const images = [{ name: 'proofbook/k3s-standin', version: 'v1', supply: 'stand-in', id: 'x' } as const]
  const { verify } = await prove(fence('bash check=there', 'true'), { target: { name: 'k3d', images } })
  expect(await verify()).toMatchObject({
    verdict: 'stand-in', standIn: 'proofbook/k3s-standin v1', reason: 'all of it held on proofbook/k3s-standin v1, which is not what k3d has otherwise',
  })
  const failing = await prove(fence('bash check=there', 'false'), { target: { name: 'k3d', images } })
  expect(await failing.verify()).toMatchObject({ verdict: 'failed', standIn: 'proofbook/k3s-standin v1' })
})

test('rollbacks run last step first', async () => {
  const step = (name: string): string => fence(`bash step=${name}`, 'true') + fence(`bash rollback=${name}`, `echo ${name} >> undone`)
  const { verify, events } = await prove(step('one') + step('two') + step('three') + fence('bash cleanup=undone', 'rm undone'))
  expect((await verify()).verdict).toBe('verified')
  expect(events.flatMap(event => event.event === 'start' && event.phase === 'rollback' ? [event.name] : [])).toEqual(['three', 'two', 'one'])
})

test('what is left behind fails the page and is named', async () => {
  const { verify } = await prove(fence('bash step=write', 'echo a > left') + fence('bash rollback=write', 'true'))
  const result = await verify()
  expect(result.verdict).toBe('failed')
  expect(result.leftBehind).toEqual(['+ file left a'])
  expect(result.reason).toContain('left a')
})

test('a rollback that does not restore what the checks of before saw fails the page', async () => {
  const { verify } = await prove(fence('bash check=absent', '! test -e /proc/self/no && ! test -e state')
    + fence('bash step=write', 'echo a > state') + fence('bash rollback=write', 'true') + fence('bash cleanup=late', 'rm state'))
  const result = await verify()
  expect(result.verdict).toBe('failed')
  expect(statusOf(result, 'absent')).toEqual(['steps ok workstation', 'after-rollback failed workstation'])
  expect(result.failure?.message).toBe('exit 1, again after the rollbacks')
})

describe('a step that fails', () => {
  const page = fence('bash step=first', 'true') + fence('bash rollback=first', 'echo undone > undone')
    + fence('bash step=bad on=s2 rollback="none: fails"', 'echo out; echo err >&2; exit 7')
    + fence('bash check=after', 'echo after > after') + fence('bash cleanup=tidy', 'echo tidy > tidy')

  test('stops the page, tells where and what, runs the cleanup and no rollback', async () => {
    const { verify, cwd } = await prove(page)
    const result = await verify()
    expect(result.verdict).toBe('failed')
    expect(result.failure).toMatchObject({ host: 's2', kind: 'step', name: 'bad', received: 'exit 7', expected: 'exit 0' })
    expect(result.failure?.tail.split('\n').toSorted()).toEqual(['err', 'out'])
    expect(result.failure?.line).toBe(result.blocks.find(({ name }) => name === 'bad')?.line)
    expect(existsSync(join(cwd, 'tidy'))).toBe(true)
    expect(existsSync(join(cwd, 'undone'))).toBe(false)
  })

  test('blocks that were not reached are in the result as not run', async () => {
    const result = await (await prove(page)).verify()
    expect(statusOf(result, 'after')).toEqual(['steps not-run workstation'])
    expect(statusOf(result, 'first')).toEqual(['steps ok workstation', 'rollback not-run workstation'])
  })
})

test('a cleanup that fails fails the page, and the other cleanups still run', async () => {
  const { verify, cwd } = await prove(WRITE + fence('bash cleanup=bad', 'exit 1') + fence('bash cleanup=good', 'echo ran > ran'))
  const result = await verify()
  expect(result.verdict).toBe('failed')
  expect(result.failure?.name).toBe('bad')
  expect(existsSync(join(cwd, 'ran'))).toBe(true)
})

describe('infrastructure', () => {
  test('a host that cannot be reached is no verdict on the page', async () => {
    const proof = await prove(WRITE)
    const target = labTarget(proof.cwd)
    const lost = { ...target, hosts: target.hosts.map(host => host.name !== 'lb' ? host : {
      ...host,
      bash: async () => ({ exit: 255, stdout: '', stderr: '', output: '', durationMs: 1, timedOut: false, transportError: 'container is gone' }),
    }) }
    const result = await proof.verify({ target: lost })
    expect(result.verdict).toBe('infrastructure-error')
    expect(result.reason).toContain('lb, step write: container is gone')
    expect(result.failure).toBeUndefined()
  })

  test('the same exit code from the script itself is a failure of the page', async () => {
    const result = await (await prove(fence('bash step=exits rollback="none: no"', 'exit 255'))).verify()
    expect(result.verdict).toBe('failed')
  })

  test('an inventory that cannot be read is no verdict either', async () => {
    const { verify } = await prove(WRITE, { target: { inventory: () => Promise.reject(new Error('no answer')) } })
    const result = await verify()
    expect(result).toMatchObject({ verdict: 'infrastructure-error', reason: expect.stringContaining('no answer') })
  })

  test('a fault of Proofbook itself is not hidden in a result', async () => {
    const proof = await prove(WRITE)
    const target = labTarget(proof.cwd)
    const broken = { ...target, hosts: target.hosts.map(host => ({ ...host, bash: () => { throw new TypeError('bug') } })) }
    await expect(proof.verify({ target: broken })).rejects.toThrow(TypeError)
  })
})

test('a partial verification proves nothing', async () => {
  const result = await (await prove(WRITE + fence('bash check=last', 'true'))).verify({ selection: { from: 'last' } })
  expect(result).toMatchObject({ verdict: 'not-run', reason: 'only part of the page ran: --from last' })
  expect(statusOf(result, 'write')).toContain('steps not-run lb')
})

test('a page of which nothing runs here is not verified', async () => {
  const result = await (await prove(fence('bash check=elsewhere if=distro:k3s', 'true'))).verify()
  expect(result.verdict).toBe('not-run')
})

test('an abort ends the running block, skips the rest and says interrupted', async () => {
  const proof = await prove(fence('bash step=long rollback="none: no"', 'sleep 60') + fence('bash cleanup=no', 'echo no > no'))
  const controller = new AbortController()
  const started = performance.now()
  const result = await proof.verify({ signal: controller.signal, listen: event => {
    if (event.event === 'start') setTimeout(() => controller.abort(), 100)
  } })
  expect(performance.now() - started).toBeLessThan(4_000)
  expect(result).toMatchObject({ verdict: 'infrastructure-error', reason: 'interrupted' })
  expect(existsSync(join(proof.cwd, 'no'))).toBe(false)
})

test('InfrastructureError has an exit code of its own', () => {
  expect(new InfrastructureError('x').exitCode).toBe(4)
})

describe('after a failure, asked to undo', () => {
  const step = (name: string, undo: string): string => fence(`bash step=${name}`, `echo ${name} > ${name}`) + fence(`bash rollback=${name}`, undo)
  const page = step('one', 'rm one') + step('two', 'exit 1') + step('three', 'rm three')
    + fence('bash step=bad rollback="none: fails"', 'exit 7')

  test('undoes what can be undone, and the verdict stays that of the failure', async () => {
    const { verify, cwd } = await prove(page)
    const result = await verify({ undoAfterFailure: true })
    expect(result).toMatchObject({ verdict: 'failed', failure: { name: 'bad' } })
    expect(['one', 'two', 'three'].filter(name => existsSync(join(cwd, name)))).toEqual(['two'])
    expect(result.blocks.filter(({ phase }) => phase === 'rollback').map(({ name, status }) => `${name} ${status}`))
      .toEqual(['three ok', 'two failed', 'one ok'])
  })

  test('undoes nothing when not asked', async () => {
    const { verify, cwd } = await prove(page)
    const result = await verify()
    expect(existsSync(join(cwd, 'one'))).toBe(true)
    expect(result.blocks.find(({ phase }) => phase === 'rollback')).toMatchObject({ status: 'not-run' })
  })
})

describe('negative controls', () => {
  const step = (then: string): string => fence('bash step=write', 'echo state > state') + fence('bash rollback=write', 'rm state') + then

  test('a check that fails before the first step is known to be able to; one that holds is told', async () => {
    const { verify, events } = await prove(fence('bash check=above', 'true')
      + step(fence('bash check=there', 'test -e state') + fence('bash check=toothless', 'true') + fence('bash check=gone expect=fail', 'test -e nothing')))
    const { verdict, controls } = await verify()
    expect(verdict).toBe('verified')
    expect(controls?.map(({ check, failed }) => [check, failed])).toEqual([['there', true], ['toothless', false], ['gone', false]])
    expect(events.filter(event => event.event === 'start' && event.name === 'there')).toHaveLength(1)
  })

  test('are no part of a run that goes on in the middle, nor of a page without steps', async () => {
    const { verify } = await prove(fence('bash check=there', 'true'))
    expect((await verify()).controls).toBeUndefined()
    const part = await prove(step(fence('bash check=there', 'true')))
    expect((await part.verify({ selection: { from: 'there' } })).controls).toBeUndefined()
  })
})
