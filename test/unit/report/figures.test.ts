import { expect, test } from 'vitest'
import { figuresFor, longestLoss } from '../../../src/report/figures.ts'
import { historyEntry } from '../../../src/report/history.ts'
import { blockResult, sampleResult } from './sample.ts'

const check = (transcript: string, more = {}) => blockResult({ kind: 'check', transcript, ...more })
const lossOf = (...blocks: ReturnType<typeof check>[]) => longestLoss({ blocks })?.milliseconds

test('every line of JSON counts, wherever it stands, and the largest number of a name', () => {
  const one = check('text\n{"window_s":1.32,"failed":3}\n  {"window_s": 2.5, "failed": 1}\n{"window_s":0}\n')
  expect(lossOf(one)).toBe(2500)
  expect(Object.values(figuresFor({ blocks: [one] })!)).toEqual([2.5, 3])
})

test('nothing else counts: half a line, a line with words, a list, text for a number, a block that failed or is no check', () => {
  for (const line of ['{"window_s":9', 'lost {"window_s":9}', '[{"window_s":9}]', '{"window_s":"9"}', '{"window_s":9} twice {}']) expect(lossOf(check(`${line}\n`)), line).toBeUndefined()
  expect(lossOf(check('{"window_s":9}', { status: 'failed' }), check('{"window_s":9}', { kind: 'step' }))).toBeUndefined()
})

test('the longest window of a run is its downtime in the history', () => {
  expect(historyEntry(sampleResult({ blocks: [check('{"requests":750,"failed":67,"window_s":1.32}\n'), check('x\n{"window_s":2.5}\n')] })).downtimeMs).toBe(2500)
  expect(historyEntry(sampleResult()).downtimeMs).toBeUndefined()
})
