import { describe, expect, test } from 'vitest'
import { freshness, latest } from '../../../src/report/freshness.ts'
import { sampleResult } from './sample.ts'

const DAY = 86_400_000
const page = { sha256: 'a'.repeat(64), verifiedFor: 30 * DAY }
const finished = Date.parse(sampleResult().finishedAt)

describe('freshness', () => {
  test.each([
    ['fresh', sampleResult(), page, finished + DAY, 'verified', undefined],
    ['to the last moment', sampleResult(), page, finished + 30 * DAY, 'verified', undefined],
    ['too old', sampleResult(), page, finished + 30 * DAY + 1, 'stale', 'verified 30 days ago, good for 30 days'],
    ['another source', sampleResult(), { ...page, sha256: 'b'.repeat(64) }, finished, 'stale', 'the page has changed since'],
    ['a date that is none', sampleResult({ finishedAt: 'soon' }), page, finished, 'stale', expect.any(String)],
    ['failed', sampleResult({ verdict: 'failed', reason: 'no' }), page, finished, 'failed', 'no'],
    ['failed stays failed, however old', sampleResult({ verdict: 'failed', reason: 'no' }), page, finished + 99 * DAY, 'failed', 'no'],
    ['flaky', sampleResult({ verdict: 'flaky' }), page, finished, 'flaky', undefined],
    ['a broken lab', sampleResult({ verdict: 'infrastructure-error', reason: 'lost' }), page, finished, 'not run', 'lost'],
    ['not run', sampleResult({ verdict: 'not-run', reason: 'no image' }), page, finished, 'not run', 'no image'],
    ['held on a stand-in', sampleResult({ verdict: 'stand-in', standIn: 'x 1' }), page, finished, 'not run', 'it ran on a stand-in only (x 1), which proves nothing'],
    ['failed on a stand-in', sampleResult({ verdict: 'failed', reason: 'no', standIn: 'x 1' }), page, finished, 'not run', expect.stringContaining('it failed on a stand-in only')],
    ['verified, by mistake, on a stand-in', sampleResult({ standIn: 'x 1' }), page, finished, 'not run', expect.any(String)],
    ['nothing', undefined, page, finished, 'not run', expect.any(String)],
  ])('%s', (_, result, runbook, now, word, reason) => {
    expect(freshness(result, runbook, now)).toEqual(reason === undefined ? { word } : { word, reason })
  })

  test('never says verified for any verdict but verified', () => {
    for (const verdict of ['flaky', 'stand-in', 'failed', 'infrastructure-error', 'not-run'] as const) {
      expect(freshness(sampleResult({ verdict }), page, finished).word).not.toBe('verified')
    }
  })
})

test('a broken lab does not hide an older verdict; without one it is shown', () => {
  const broken = sampleResult({ verdict: 'infrastructure-error' })
  const older = sampleResult({ verdict: 'failed' })
  expect(latest([broken, older], 'haproxy/lb', 'kind')).toBe(older)
  expect(latest([broken], 'haproxy/lb', 'kind')).toBe(broken)
  expect(latest([sampleResult({ verdict: 'stand-in', standIn: 'x 1' }), broken, older], 'haproxy/lb', 'kind')).toBe(older)
  expect(latest([older], 'haproxy/lb', 'hosts')).toBeUndefined()
  expect(latest([older], 'other', 'kind')).toBeUndefined()
})
