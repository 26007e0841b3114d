import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatDuration, parseDuration } from '../../../src/runbook/duration.ts'
import { parseInfo } from '../../../src/runbook/info.ts'
import { anyText } from './page.ts'
import { didYouMean, nearest } from '../../../src/runbook/suggest.ts'

describe('durations', () => {
  test.each([['500ms', 500], ['60s', 60_000], ['2m', 120_000], ['1h', 3_600_000], ['30d', 2_592_000_000], ['0s', 0]])('%s', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds)
  })
  test.each(['', '3', 's', '1.5s', '-1s', '1 s', '1s ', '1S', '1y', '1m30s', '01s', '999999999999d'])('not %j', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })
  test('what is formatted reads back', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 9_999_999 }), (milliseconds) => {
      expect(parseDuration(formatDuration(milliseconds))).toBe(milliseconds)
    }))
  })
})

describe('suggestions', () => {
  test('the nearest word', () => {
    expect(nearest('timeot', ['on', 'timeout', 'title'])).toEqual(['timeout'])
    expect(nearest('setp', ['step', 'exit'])).toEqual(['step'])
    expect(didYouMean('zzz', ['step'])).toBe('')
    expect(didYouMean('Step', ['step'])).toBe('. Did you mean "step"?')
  })
  test('a word is nearest to itself', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 20 }), fc.array(fc.string({ maxLength: 20 })), (word, others) => {
      expect(nearest(word, [...others.filter((other) => other.toLowerCase() !== word.toLowerCase()), word], 1)).toEqual([word])
    }))
  })
})

describe('info strings', () => {
  test('words, quotes, columns', () => {
    expect(parseInfo(' step=a\trollback="none: a b"  background x=\'"\'', 8)).toEqual({
      words: [
        { key: 'step', value: 'a', column: 9, length: 6 },
        { key: 'rollback', value: 'none: a b', column: 16, length: 20 },
        { key: 'background', column: 38, length: 10 },
        { key: 'x', value: '"', column: 49, length: 5 },
      ],
      bad: [],
    })
  })
  test.each([
    ['a="b', 'quote is not closed', 'a="b'], ["a='b c", 'quote is not closed', "a='b c"], ['"text"', 'word is neither a flag nor key=value', '"text"'],
    ['{1-3}', 'word is neither a flag nor key=value', '{1-3}'], ['a=', 'word is neither a flag nor key=value', 'a='],
    ['a="b"c', 'word is neither a flag nor key=value', 'a="b"c'], ['a=b=c', 'word is neither a flag nor key=value', 'a=b=c'],
    ['1=2', 'word is neither a flag nor key=value', '1=2'],
  ])('%s', (info, message, received) => {
    expect(parseInfo(info, 1)).toMatchObject({ words: [], bad: [{ message, received, column: 1, length: received.length }] })
  })
  test('every character is in a word or reported, whatever it is', () => {
    fc.assert(fc.property(anyText, (text) => {
      const { words, bad } = parseInfo(text, 1)
      const covered = [...words, ...bad].reduce((sum, { length }) => sum + length, 0)
      expect(covered).toBeGreaterThanOrEqual(text.replace(/\s/g, '').length)
      expect(covered).toBeLessThanOrEqual(text.length)
    }))
  })
})
