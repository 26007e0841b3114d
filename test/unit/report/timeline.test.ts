/** The picture of the traffic: what it draws, and what somebody hears who does not see it. */
import { parseFragment } from 'parse5'
import { describe, expect, test } from 'vitest'
import { html } from '../../../src/report/html.ts'
import { marksOf, timeline } from '../../../src/report/timeline.ts'
import type { Traffic } from '../../../src/report/traffic.ts'
import { blockResult, sampleResult } from './sample.ts'

const way = (downtimeMs: number) => ({ sent: 400, failed: downtimeMs / 50, downtimeMs, longestGapMs: downtimeMs })
const traffic: Traffic = {
  startedAt: '2026-11-21T09:31:00.000Z', durationMs: 20_000, perSecond: 20, backAtMs: 15_000, binMs: 1000,
  flows: [
    { flow: 'http', from: 'client', budget: '0s', there: way(0), back: way(0), outages: [], bins: '.'.repeat(20) },
    { flow: 'dns', from: 'a1', there: way(3000), back: way(0), bins: `${'.'.repeat(10)}xx5-${'.'.repeat(6)}`,
      outages: [{ atMs: 10_000, durationMs: 3000, why: 'timeout', during: { kind: 'step', name: '<move>', host: 'a1', line: 9 } }] },
  ],
}
const blocks = [
  blockResult({ name: '<move>', startedAt: '2026-11-21T09:31:05.000Z', durationMs: 5000, host: 'a1' }),
  blockResult({ name: '<move>', startedAt: '2026-11-21T09:31:06.000Z', durationMs: 6000, host: 'a2' }),
  blockResult({ kind: 'check', name: 'looks', startedAt: '2026-11-21T09:31:12.000Z' }),
  blockResult({ kind: 'rollback', phase: 'rollback', name: '<move>', startedAt: '2026-11-21T09:31:15.000Z', durationMs: 1000 }),
  blockResult({ kind: 'precheck', name: 'before', phase: 'precheck', startedAt: '2026-11-21T09:30:00.000Z' }),
]
const svg = timeline({ traffic, blocks }, 'one')

describe('the picture', () => {
  test('has a mark for each change, once for all its hosts', () => {
    expect(marksOf({ traffic, blocks }).map(({ number, block, from, to }) => [number, block.kind, from, to]))
      .toEqual([[1, 'step', 5000, 12_000], [2, 'rollback', 15_000, 16_000]])
  })
  test('draws what was lost where it was lost, and what was not asked otherwise', () => {
    const lost = [...svg.matchAll(/class="(lost|gone)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="([\d.]+)"/g)].map(([, ...part]) => part)
    expect(lost).toEqual([['lost', '560.0', '66.0', '12.0'], ['lost', '626.0', '33.0', '6.0'], ['gone', '659.0', '33.0', '12.0']])
  })
  test('draws nothing for a flow that lost nothing', () => {
    expect(timeline({ traffic: { ...traffic, flows: traffic.flows.slice(0, 1) }, blocks }, 'one')).not.toMatch(/class="(lost|gone)"/)
  })
  test('has a title and a description that say it in words', () => {
    expect(svg).toContain('role="img" aria-labelledby="one-title one-desc"')
    expect(svg).toContain('<title id="one-title">1 of 2 flows lost nothing in 20 s; dns from a1 was down the longest, 3.0 s</title>')
    expect(svg).toContain('http from client: nothing lost. dns from a1: down for 3.0 s, once.')
  })
  test('is text where names are markup', () => {
    expect(svg).not.toContain('<move>')
    expect(parseFragment(svg).childNodes).toHaveLength(1)
  })
})

test('the report has it with its table, and nothing where nothing was measured', () => {
  const page = html(sampleResult({ traffic, blocks }))
  expect(page).toContain('What the traffic did meanwhile')
  expect(page).toContain('<td>3.0 s from step &lt;move&gt;</td>')
  expect(html(sampleResult())).not.toContain('traffic did')
})
