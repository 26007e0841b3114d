import { describe, expect, test } from 'vitest'
import { freshness, latest, otherRelease } from '../../../src/report/freshness.ts'
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

const lb = { id: 'haproxy/lb', versions: { haproxy: '2.6' } }

test('another release than the page\'s own is told apart, and does not speak for the page', () => {
  const own = sampleResult({ versions: { haproxy: '2.6.12-1+deb12u4', cilium: '1.19.7' } })
  const newer = sampleResult({ verdict: 'failed', versions: { haproxy: '3.2.26-1' } })
  expect(otherRelease(own, lb)).toBeUndefined()
  expect(otherRelease(newer, lb)).toBe('HAProxy 3.2')
  expect(otherRelease(newer, { versions: {} })).toBeUndefined()
  expect(otherRelease(sampleResult({ versions: { haproxy: '2.60.1' } }), lb)).toBe('HAProxy 2.60')
  expect(otherRelease(sampleResult({ versions: { cilium: 'v1.20.1' } }), { versions: { cilium: '1.19, 1.20' } })).toBeUndefined()
  expect(otherRelease(sampleResult({ versions: { cilium: 'v1.20.1' } }), { versions: { cilium: '1.19' } })).toBe('Cilium 1.20')
  expect(latest([newer, own], lb, 'kind')).toBe(own)
  expect(latest([newer, own], lb, 'kind', 'HAProxy 3.2')).toBe(newer)
})

test('a broken lab does not hide an older verdict; without one it is shown', () => {
  const broken = sampleResult({ verdict: 'infrastructure-error' })
  const older = sampleResult({ verdict: 'failed' })
  expect(latest([broken, older], lb, 'kind')).toBe(older)
  expect(latest([broken], lb, 'kind')).toBe(broken)
  expect(latest([sampleResult({ verdict: 'stand-in', standIn: 'x 1' }), broken, older], lb, 'kind')).toBe(older)
  expect(latest([older], lb, 'hosts')).toBeUndefined()
  expect(latest([older], { ...lb, id: 'other' }, 'kind')).toBeUndefined()
})
