import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchOutput } from '../../../src/runbook/output.ts'

const ok = { ok: true }
const diff = (expected: string, actual: string): string => {
  const match = matchOutput(expected, actual)
  if (match.ok) throw new Error('it matches')
  return match.diff
}

describe('matchers', () => {
  test.each([
    ['{{any}}', 'x', '  a b ', '{{any}}'],
    ['a{{any}}c', 'ac', 'abc', 'a{{any}}c'],
    ['{{age}}', '47s', '5m10s', '3y12d', '2d', '500ms'],
    ['{{ip}}', '192.168.0.45', '::1', 'fe80::1', '2001:db8:0:0:0:0:0:1'],
    ['{{int}}', '0', '42', '-7'],
    ['{{mac}}', '52:54:00:aB:cd:ef'],
    ['{{hash}}', '1f7ebf6c', 'x2x4z', '7d9c6b8f5', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['{{/v\\d+(?:\\.\\d+)*/}} (x)', 'v1.36.4 (x)'],
    ['{{/a|b/}}c', 'ac', 'bc'],
    ['{{/a\\/b/}}', 'a/b'],
    ['from {{ip}} [{{mac}}] {{int}}ms', 'from 10.0.0.1 [52:54:00:12:34:56] 3ms'],
    ['.*', '.*'], ['^a$ (b) [c] {1} \\d a|b', '^a$ (b) [c] {1} \\d a|b'],
    ['{{unknown}} {{ any }}', '{{unknown}} {{ any }}'],
  ])('%s', (pattern, ...texts) => {
    for (const text of texts) expect(matchOutput(pattern, text)).toEqual(ok)
  })
  test.each([
    ['a{{any}}c', 'ab', 'xabc', 'a\nc'],
    ['{{age}}', '5', 'm', '5m ago', 'now'],
    ['{{ip}}', '1.2.3', 'host', '1.2.3.4/24', 'ab'],
    ['{{int}}', '1.5', '', 'x', '- 1'],
    ['{{mac}}', '52:54:00:ab:cd', '52-54-00-ab-cd-ef'],
    ['{{hash}}', 'nginx', 'abc', 'aeiouaeiou'],
    ['{{/a|b/}}c', 'a', 'cc', 'bcc'],
    ['.*', 'x'],
  ])('not %s', (pattern, ...texts) => {
    for (const text of texts) expect(matchOutput(pattern, text)).toMatchObject({ ok: false })
  })
})

describe('lines', () => {
  test('white space at the end of lines and empty lines at the end do not count', () => {
    expect(matchOutput('a\nb', 'a  \r\nb\t\n\n\n')).toEqual(ok)
    expect(matchOutput('', '\n')).toEqual(ok)
  })
  test('white space elsewhere counts', () => {
    for (const actual of [' a\nb', 'a\n\nb', '\na\nb', 'a b']) expect(matchOutput('a\nb', actual).ok).toBe(false)
  })
  test.each([
    ['{{...}}', '', 'a', 'a\nb'],
    ['a\n{{...}}', 'a', 'a\nb\nc'],
    ['{{...}}\nz', 'z', 'a\nz', 'z\na\nz'],
    ['a\n{{...}}\nm\n{{...}}\nz', 'a\nm\nz', 'a\nx\nm\nm\ny\nz'],
    ['  {{...}}\nz', 'a\nz'],
  ])('%j', (pattern, ...texts) => {
    for (const text of texts) expect(matchOutput(pattern, text)).toEqual(ok)
  })
  test('skipped lines do not skip what must be there', () => {
    expect(diff('a\n{{...}}\nm\n{{...}}\nz', 'a\nz')).toBe('  a\n  {{...}}\n- m\n  {{...}}\n  z')
    expect(diff('{{...}}\nz', 'z\na')).toBe('  {{...}}\n  z\n+ a')
  })
  test('the diff is aligned by what matches', () => {
    expect(diff('NAME READY AGE\ns1 yes {{age}}\ns2 yes {{age}}\ns3 yes {{age}}', 'NAME READY AGE\ns1 yes 5m\ns2 no 5m\ns3 yes 4m'))
      .toBe('  NAME READY AGE\n  s1 yes 5m\n- s2 yes {{age}}\n+ s2 no 5m\n  s3 yes 4m')
    expect(diff('a\nb', '')).toBe('- a\n- b')
    expect(diff('', 'a')).toBe('+ a')
  })
})

describe('text without matchers', () => {
  const line = fc.string({ unit: 'grapheme-composite', maxLength: 12 }).map((text) => text.replace(/[\n\r]/g, '').replaceAll('{{', '{'))
  const text = fc.array(line, { maxLength: 5 }).map((lines) => lines.join('\n'))
  const significant = (all: string) => all.split('\n').map((one) => one.trimEnd()).join('\n').replace(/\n+$/, '')

  test('matches itself', () => {
    fc.assert(fc.property(text, (all) => {
      expect(matchOutput(all, all)).toEqual(ok)
    }))
  })
  test('matches nothing else', () => {
    const pair = fc.oneof(fc.tuple(text, text), fc.tuple(text, line, fc.nat(40)).map(([all, piece, at]) => [all, all.slice(0, at) + piece + all.slice(at)] as const))
    let different = 0
    fc.assert(fc.property(pair, ([a, b]) => {
      if (significant(a) !== significant(b)) different++
      expect(matchOutput(a, b).ok).toBe(significant(a) === significant(b))
    }), { numRuns: 500 })
    expect(different).toBeGreaterThan(200)
  })
})

describe('time', () => {
  test('an expression that backtracks for ever is ended', () => {
    const match = matchOutput('{{/(a+)+/}}b', 'a'.repeat(50), 100)
    expect(match).toMatchObject({ ok: false, diff: expect.stringMatching(/^the patterns took longer than 100 ms/) })
  })
  test('a long output is compared in good time', () => {
    const actual = Array.from({ length: 2000 }, (_, index) => `line ${index} of many ${'x'.repeat(30)}`)
    const expected = ['{{...}}', ...Array.from({ length: 50 }, (_, index) => `line ${index * 30} of {{any}} {{any}}`).flatMap((one) => [one, '{{...}}'])]
    expect(matchOutput(expected.join('\n'), actual.join('\n'))).toEqual(ok)
  })
})
