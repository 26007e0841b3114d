/** What is written out of YAML is what a library of YAML says, of both versions. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { isStringInYaml, isTimeInYaml } from '../../../src/runbook/plain-word.ts'

const read = (word: string, version: '1.1' | '1.2'): unknown => {
  try {
    return parse(word, { version, logLevel: 'silent' })
  } catch {
    return undefined
  }
}
const isString = (word: string): boolean => read(word, '1.1') === word && read(word, '1.2') === word && !/^(?:y|n)$/i.test(word)
const isTime = (word: string): boolean => read(word, '1.1') instanceof Date

/** Words of the letters that a value may have, as `validate` lets them come here: a letter or a digit first. */
const first = [...'abefnotxyEFNOTXYZ0123456789']
const letters = [...first, ...'._+/=@:-']
const anyWord = fc.tuple(fc.constantFrom(...first), fc.array(fc.constantFrom(...letters), { maxLength: 14 })).map(([head, tail]) => head + tail.join(''))
const number = (...parts: string[]) => fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 6 }).map(all => all.join('')).filter(word => /^[A-Za-z0-9]/.test(word))
/** Made of the parts of which numbers, times and truth are made. */
const nearlyOther = fc.oneof(
  number('0', '1', '7', '8', '9', '59', '60', '_', '.', ':', 'e', 'E', '+', '-'), number('0x', '0o', '0b', '1', '7', 'f', '_', '.'),
  fc.tuple(...[4, 2, 2].map(size => fc.integer({ min: 0, max: 10 ** size - 1 }).map(value => String(value).padStart(size, '0')))).map(parts => parts.join('-'))
    .chain(day => fc.constantFrom('', 'T1:02:03', 't10:20:30.5Z', 'T10:20:30+02:00', 'T10:20', 'Z', 'x').map(rest => day + rest)),
  fc.constantFrom('y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null', 'nan', 'inf').chain(word => fc.constantFrom(word, word.toUpperCase(), word[0]!.toUpperCase() + word.slice(1), `${word}e`, word.slice(0, -1) + word.at(-1)!.toUpperCase())),
)

test.each([['any word', anyWord], ['words that are nearly something else', nearlyOther]])('%s', (_, words) => {
  fc.assert(fc.property(words, (word) => {
    expect([word, isStringInYaml(word)]).toEqual([word, isString(word)])
    expect([word, isTimeInYaml(word)]).toEqual([word, isTime(word)])
  }), { numRuns: 3_000 })
})

test.each(['no', 'Off', 'NULL', 'y', 'N', '1e3', '12:30', '0x1f', '0b1', '017', '1_000', '1.', '190:20:30.15', '2001-01-01', 'e5', 'a:', '0060-:'])('%s is no string', word => expect(isStringInYaml(word)).toBe(false))
test.each(['enp1s0', 'node-1', 'nO', 'yess', '1.2.3', '10.0.0.1', 'eth0:1', '0xg', '1e', '12:99', 'a.b', '2001-01-01x'])('%s is one', word => expect(isStringInYaml(word)).toBe(true))
