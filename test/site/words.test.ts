import { describe, expect, test } from 'vitest'
import type { BlockResult } from '../../src/report/result.ts'
import { fillWithPlaces } from '../../src/site/fill.ts'
import { highlight, highlightAnsi } from '../../src/site/highlight.ts'
import { pollingInWords } from '../../src/site/block/facts.ts'
import { outcomeOf, summaryOf } from '../../src/site/block/transcripts.ts'
import { figureKey } from '../../src/report/figures.ts'
import { historyEntry, type HistoryEntry } from '../../src/report/history.ts'
import { drillFigures, runsBefore } from '../../src/site/results/figures.ts'
import { sampleResult } from '../unit/report/sample.ts'
import { supplyNote } from '../../src/site/results/lines.ts'
import { worst } from '../../src/site/results/standing.ts'
import { day, inWords, moment, sentence } from '../../src/site/words.ts'

test.each([
  [0, 'under 0.1 s'], [49, 'under 0.1 s'], [50, '0.1 s'], [180, '0.2 s'], [6200, '6.2 s'], [5000, '5 s'], [9999, '10 s'], [59_600, '1 min'],
  [97_000, '1 min 37 s'], [600_000, '10 min'], [3_600_000, '1 hour'], [5_400_000, '1 hour 30 min'], [2_592_000_000, '30 days'],
])('%i ms is %s', (milliseconds, words) => {
  expect(inWords(milliseconds)).toBe(words.replaceAll(' ', '\u00A0'))
})

test('dates do not depend on where the site is built', () => {
  expect(day('2026-11-21T23:59:00Z')).toBe('21 Nov 2026')
  expect(moment('2026-11-21T09:05:00Z')).toBe('21 Nov 2026, 09:05 UTC')
})

test('names become sentences', () => {
  expect(sentence('every-server-serves-http')).toBe('Every server serves HTTP')
  expect(sentence('kubectl-uses-the-load-balancer')).toBe('kubectl uses the load balancer')
})

test('polling in words', () => {
  expect(pollingInWords({ eventually: 60_000, stable: 3 })).toBe('tried for up to 1 min, until it holds 3 times in a row')
  expect(pollingInWords({ eventually: 10_000, stable: 1 })).toBe('tried for up to 10 s, until it holds')
})

describe('runs of a block', () => {
  const run = (over: Partial<BlockResult>): BlockResult => ({
    kind: 'check', name: 'x', host: 'lb', line: 1, phase: 'steps', status: 'ok', attempts: 1, startedAt: '', durationMs: 1000, transcript: '', ...over,
  })

  test('outcome', () => {
    expect(outcomeOf(run({ attempts: 4 }))).toBe('ok in 1\u00A0s, 4 tries')
    expect(outcomeOf(run({ status: 'skipped', reason: 'not here' }))).toBe('skipped: not here')
  })

  test('a failure is never hidden behind other runs', () => {
    expect(summaryOf([run({}), run({ status: 'failed', durationMs: 2000 }), run({})])).toBe('failed in 2\u00A0s')
    expect(summaryOf([run({}), run({})])).toBe('ok 2 times, 2\u00A0s')
    expect(summaryOf([])).toBe('')
  })

  test('figures are what was printed, and nothing else', () => {
    const figures = (transcript: string) => drillFigures({ blocks: [run({ transcript })] }).flatMap(({ figures }) => figures)
    expect(figures('text\n{"requests":600,"window_s":0.3,"errors":[]}\n')).toEqual([{ name: 'requests', value: '600', runs: 1 }, { name: 'window', value: '0.3 s', runs: 1 }])
    expect(figures('{not json}\n')).toEqual([])
  })

  test('a figure is the median of the last three runs, and says what the last one was', () => {
    const result = { blocks: [run({ transcript: '{"window_s":9,"requests":600}\n' })] }
    const key = figureKey(result.blocks[0]!, 'window_s')
    const before = [7, 1, 2].map(seconds => ({ figures: { [key]: seconds } }))
    expect(drillFigures(result, before)[0]!.figures).toEqual([{ name: 'window', value: '2 s', runs: 3, last: '9 s' }, { name: 'requests', value: '600', runs: 1 }])
    expect(drillFigures(result, [{}])[0]!.figures[0]).toEqual({ name: 'window', value: '9 s', runs: 1 })
  })

  test('only runs of the same text, place and release count beside it', () => {
    const result = sampleResult({ runbook: 'haproxy/lb', finishedAt: '2026-11-03T00:00:00Z', versions: { haproxy: '2.6.12' } })
    const entry = (changes: Partial<HistoryEntry>) => ({ ...historyEntry(sampleResult({ runbook: 'haproxy/lb', finishedAt: '2026-11-01T00:00:00Z', versions: { haproxy: '2.6.12' } })), ...changes })
    const own = entry({})
    const others = [{ sha256: 'other' }, { verdict: 'failed' as const }, { cni: 'cilium' }, { target: 'k3d' }, { versions: { haproxy: '3.2.26' } }, { finishedAt: '2026-11-04T00:00:00Z' }].map(entry)
    expect(runsBefore(result, [own, ...others], { versions: { haproxy: '2.6' } })).toEqual([own])
  })
})

test('what a lab was made of is not said to be built from Go where nothing was', () => {
  const image = (name: string) => ({ name, version: '1', supply: 'built' as const, id: 'sha256:1' })
  expect(supplyNote({ images: [image('proofbook/host')] })!.short).toBe('on hosts made of Debian packages')
  expect(supplyNote({ images: [image('proofbook/host'), image('proofbook/node')] })!.short).toBe('built from Go modules')
  expect(supplyNote({ images: [] })).toBeUndefined()
})

test('the worst word is the one that a reader must know', () => {
  const standing = (word: 'verified' | 'failed' | 'not run') => ({ id: 'x', target: 'kind', word, reason: '' })
  expect(worst([standing('verified'), standing('failed')])).toBe('failed')
  expect(worst([standing('verified'), standing('not run')])).toBe('not run')
  expect(worst([standing('verified')])).toBe('verified')
  expect(worst([])).toBe('not run')
})

describe('filling in', () => {
  test('tells where each value stands', () => {
    const { text, places } = fillWithPlaces('a {{x}} {{other}}\n{{x}}{{y}}', { x: 'long value', y: '' })
    expect(text).toBe('a long value {{other}}\nlong value')
    expect(places.map(({ start, end }) => text.slice(start, end))).toEqual(['long value', 'long value', ''])
  })

  test('marks it in the code and changes no byte', async () => {
    const filled = fillWithPlaces('curl --max-time 3 http://{{vip}}:80/ # {{vip}} <&>\n', { vip: '192.168.0.45' })
    const html = await highlight(filled, 'bash')
    expect(html.match(/data-var="vip"/g)).toHaveLength(2)
    const text = html.replace(/<[^>]*>/g, '').replaceAll('&#x3C;', '<').replaceAll('&#x26;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
    expect(text).toBe(filled.text)
  })
})

test('terminal controls of a transcript are dropped, colours are kept', async () => {
  const html = await highlightAnsi('\u001B[2J\u001B[31mred\u001B[0m\u001B]0;title\u0007\n10%\r100%\n')
  expect(html).not.toMatch(/\u001B|2J|title/)
  expect(html).toContain('red')
  expect(html.replace(/<[^>]*>/g, '')).toBe('red\n100%\n')
})
