import { expect, test } from 'vitest'
import { historyEntry, type HistoryEntry } from '../../../src/report/history.ts'
import type { Result } from '../../../src/report/result.ts'
import { trendsOf } from '../../../src/report/trends.ts'
import { blockResult, sampleResult } from './sample.ts'

let day = 1
const entry = (extra: Partial<Result> = {}): HistoryEntry => historyEntry(sampleResult({ finishedAt: `2026-11-${String(day++).padStart(2, '0')}T00:00:00.000Z`, ...extra }))
const window = (seconds: number) => [blockResult({ kind: 'check', transcript: `{"failed":1,"window_s":${seconds}}\n` })]

test('counts, times, downtime and what held last', () => {
  const entries = [
    entry({ durationMs: 100_000, blocks: window(1) }), entry({ durationMs: 100_000, blocks: window(3) }),
    entry({ verdict: 'failed', durationMs: 1 }), entry({ verdict: 'flaky', durationMs: 120_000, retries: 1 }),
    entry({ verdict: 'infrastructure-error', durationMs: 1 }), entry({ durationMs: 150_000, versions: { haproxy: '2.6' }, blocks: window(2) }),
  ]
  const [trend, ...others] = trendsOf(entries.toReversed())
  expect(others).toEqual([])
  expect(trend).toEqual({
    runbook: 'haproxy/lb', target: 'kind', cni: 'any', runs: 5, verified: 3, flaky: 1, failed: 1, without: 1,
    medianMs: 100_000, lastMs: 150_000, slower: 1.2, downtimeMs: { median: 2000, worst: 3000, last: 2000 },
    lastVerified: { finishedAt: entries.at(-1)!.finishedAt, versions: { haproxy: '2.6' } }, turns: 1,
  })
})

test('a page that was changed and then failed is no turn of a flake', () => {
  const [trend] = trendsOf([entry(), entry({ verdict: 'failed', source: { path: 'runbooks/haproxy/lb.mdx', sha256: 'b'.repeat(64) } })])
  expect(trend!.turns).toBe(0)
})

test('pages, targets and networks apart; one that never held has no time', () => {
  const trends = trendsOf([entry({ runbook: 'b' }), entry({ runbook: 'a', verdict: 'failed' }), entry({ runbook: 'a', cni: 'cilium' }), entry({ runbook: 'a', target: 'k3d' })])
  expect(trends.map(({ runbook, target, cni, medianMs }) => [runbook, target, cni, medianMs])).toEqual([
    ['a', 'k3d', 'any', 97_000], ['a', 'kind', 'any', undefined], ['a', 'kind', 'cilium', 97_000], ['b', 'kind', 'any', 97_000],
  ])
  expect(trends[1]!.lastVerified).toBeUndefined()
})
