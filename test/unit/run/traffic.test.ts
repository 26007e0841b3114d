/** Traffic beside the blocks of a run, and the budgets of its page. */
import { describe, expect, test } from 'vitest'
import { budgetFailure, trafficOf } from '../../../src/run/traffic.ts'
import type { Target } from '../../../src/target/target.ts'
import { blockResult } from '../report/sample.ts'
import { fence, prove } from './prove.ts'

const ZERO = Date.parse('2026-11-21T09:31:00.000Z')
const at = (seconds: number): string => new Date(ZERO + seconds * 1000).toISOString()

/** A record of so many seconds; not answered from `lost[0]` until `lost[1]`. */
function record(seconds: number, ...lost: readonly [number, number][]): string {
  const lines = [`run ${ZERO - 1000}`]
  for (let ms = 0; ms < seconds * 1000; ms += 50) {
    lines.push(`${ZERO + ms} ${lost.some(([from, to]) => ms >= from * 1000 && ms < to * 1000) ? 'timeout' : 'ok'}`)
  }
  return `${lines.join('\n')}\n`
}
const blocks = [
  blockResult({ name: 'move', startedAt: at(2), durationMs: 3000, line: 40 }),
  blockResult({ kind: 'check', name: 'looks', startedAt: at(5), durationMs: 500, line: 50 }),
  blockResult({ name: 'pull', startedAt: at(10), durationMs: 3000, line: 60 }),
  blockResult({ kind: 'rollback', phase: 'rollback', name: 'pull', startedAt: at(20), durationMs: 2000, line: 70 }),
]
const traffic = (budget: string, ...lost: readonly [number, number][]) => trafficOf(
  { from: ZERO, to: ZERO + 30_000, records: [{ flow: 'http', from: 'client', text: record(30, ...lost) }] }, { blocks, budgets: { http: budget } })

describe('what was measured', () => {
  test('there and back are told apart', () => {
    const [flow] = traffic('1s', [11, 14], [21, 22]).flows
    expect(flow).toMatchObject({ flow: 'http', from: 'client', budget: '1s',
      there: { sent: 400, failed: 60, downtimeMs: 3000, longestGapMs: 3000 }, back: { sent: 200, failed: 20, downtimeMs: 1000 } })
  })
  test('an outage names the change that was made last, not the check that ran', () => {
    const [flow] = traffic('1s', [6, 7], [11, 14], [21, 22]).flows
    expect(flow!.outages.map(({ during }) => `${during?.kind} ${during?.name}`)).toEqual(['step move', 'step pull', 'rollback pull'])
  })
  test('before every change there is no cause', () => expect(traffic('1s', [0, 1]).flows[0]!.outages[0]!.during).toBeUndefined())
})

describe('budgets', () => {
  test.each([
    ['kept', '3s', [11, 14], undefined],
    ['exceeded on the way there', '1s', [11, 14], { name: 'pull', kind: 'step', line: 60, message: 'http from client was down for 3.0 s on the way there, which is more than the page allows', expected: 'at most 1s (downtimeBudget)' }],
    ['exceeded on the way back', '1s', [22, 25], { name: 'pull', kind: 'rollback', line: 70 }],
    ['each way has its own', '2s', [19, 21.5], undefined],
    ['nothing may be lost', '0s', [11, 11.05], { name: 'pull' }],
    ['a share of the time', '10%', [11, 14], { name: 'pull', expected: 'at most 10% (downtimeBudget)' }],
    ['a share that is kept', '20%', [11, 14], undefined],
  ] as const)('%s', (_, budget, lost, failure) => {
    const found = budgetFailure(traffic(budget, lost as [number, number]))
    if (failure === undefined) expect(found).toBeUndefined()
    else expect(found).toMatchObject(failure)
  })
  test('no budget, no failure', () => {
    const measured = trafficOf({ from: ZERO, to: ZERO + 30_000, records: [{ flow: 'dns', from: 'a1', text: record(30, [0, 30]) }] }, { blocks, budgets: {} })
    expect(budgetFailure(measured)).toBeUndefined()
  })
})

/** A target whose traffic is a file: answered while it is there. */
function measured(lost: readonly [number, number][] = []): { target: Partial<Target>, stopped: () => number } {
  let stopped = 0
  return {
    stopped: () => stopped,
    target: {
      measure: async (flows) => {
        const from = Date.now()
        return { stop: async () => {
          stopped++
          const text = record(10, ...lost).replaceAll(/^(run )?(\d+)/gm, (_, run = '', ms) => `${run}${Number(ms) - ZERO + from}`)
          return { from, to: from + 10_000, records: flows.map(flow => ({ flow, from: 'client', text })) }
        } }
      },
    },
  }
}
const page = fence('bash step=a', 'echo 1 > state') + fence('bash rollback=a', 'rm state') + fence('bash check=c', 'test -e state')

describe('verify', () => {
  const keys = 'traffic: [http]\ndowntimeBudget: { http: 1s }\n'
  test('within the budget', async () => {
    const { target, stopped } = measured()
    const result = await (await prove(page, { target, variables: keys })).verify()
    expect(result.verdict).toBe('verified')
    expect(result.traffic?.flows[0]).toMatchObject({ flow: 'http', there: { failed: 0 } })
    expect(stopped()).toBe(1)
  })
  test('above it the page failed, though every block held', async () => {
    const { target } = measured([[1, 4]])
    const result = await (await prove(page, { target, variables: keys })).verify()
    expect(result).toMatchObject({ verdict: 'failed', failure: { received: expect.stringContaining('3.0 s') } })
    expect(result.blocks.every(({ status }) => status === 'ok')).toBe(true)
  })
  test('it ends with a page that fails, too', async () => {
    const { target, stopped } = measured()
    const result = await (await prove(fence('bash step=a rollback="none: the test"', 'exit 3'), { target, variables: keys })).verify()
    expect(result).toMatchObject({ verdict: 'failed', failure: { name: 'a' } })
    expect(result.traffic).toBeDefined()
    expect(stopped()).toBe(1)
  })
  test('a page without traffic is not measured', async () => {
    const { target, stopped } = measured()
    const result = await (await prove(page, { target })).verify()
    expect(result.traffic).toBeUndefined()
    expect(stopped()).toBe(0)
  })
  test('a network that does not answer before the first step is no verdict on the page', async () => {
    const target = { measure: async () => { throw new Error('dns from a1: timeout') } }
    const result = await (await prove(page, { target, variables: keys })).verify()
    expect(result).toMatchObject({ verdict: 'infrastructure-error', reason: 'traffic could not be read: dns from a1: timeout' })
  })
})
