import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Masks } from '../../../../src/run/secret/mask.ts'

/** What programs make of a secret; each gives the text in which it then stands. */
const encodings: Readonly<Record<string, (secret: string, before: string, after: string) => string>> = {
  plain: secret => secret,
  JSON: secret => JSON.stringify({ token: secret }),
  'JSON in ASCII': secret => JSON.stringify(secret).replaceAll(/[\u007F-\uFFFF]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'single quotes': secret => `'${secret.replaceAll('\'', String.raw`'\''`)}'`,
  'double quotes': secret => `"${secret.replaceAll(/[$`"\\]/g, String.raw`\$&`)}"`,
  URL: secret => `https://u:${encodeURIComponent(secret)}@h/`,
  'URL, small letters': secret => encodeURIComponent(secret).replaceAll(/%[0-9A-F]{2}/g, hex => hex.toLowerCase()),
  form: secret => String(new URLSearchParams({ secret })),
  base64: secret => Buffer.from(secret).toString('base64'),
  'base64 of user and password': (secret, before) => Buffer.from(`${before}:${secret}`).toString('base64'),
  'base64 within, in lines': (secret, before, after) => Buffer.from(before + secret + after).toString('base64').replaceAll(/.{76}/g, '$&\n'),
  base64url: (secret, before) => Buffer.from(before + secret).toString('base64url'),
  hex: secret => Buffer.from(secret).toString('hex'),
}

/** What must not stand in a masked text, in any form: also the ends of base64 that neighbours share are no more than 2 characters. */
function traces(secret: string): string[] {
  const core = (before: number): string => {
    const encoded = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]).toString('base64')
    return encoded.slice(Math.ceil(before * 8 / 6), Math.floor((before + Buffer.byteLength(secret)) * 8 / 6))
  }
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), core(0), core(1), core(2), Buffer.from(secret).toString('hex')]
}

const secrets = fc.string({ minLength: 8, maxLength: 60, unit: fc.oneof(fc.constantFrom(...'aB3\'"$`\\ /+=&%#!*()~ä日{}'), fc.string({ minLength: 1, maxLength: 1 })) })
  .filter(secret => secret.isWellFormed())
const words = fc.string({ maxLength: 40 })

/** The text in chunks that end at these shares of its length. */
const inChunks = (text: string, cuts: readonly number[]): string[] => {
  const places = [0, ...cuts.map(cut => Math.floor(cut * text.length)).toSorted((a, b) => a - b), text.length]
  return places.slice(1).map((end, index) => text.slice(places[index], end))
}

const streamed = (masks: Masks, chunks: readonly string[]): string => {
  const stream = masks.stream()
  return chunks.map(chunk => stream.push(chunk)).join('') + stream.flush()
}

describe('a secret does not show', () => {
  test.each(Object.keys(encodings))('%s, however the text is cut', name => {
    fc.assert(fc.property(secrets, words, words, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }), (secret, before, after, cuts) => {
      const text = `${before} ${encodings[name]!(secret, before, after)} ${after}`
      const masks = new Masks({ token: secret })
      for (const masked of [masks.text(text), streamed(masks, inChunks(text, cuts))]) {
        expect(masked).toContain('[secret token]')
        const rest = masked.replaceAll('[secret token]', '').replaceAll(/[\r\n]/g, '')
        // What stood beside it may hold it too, or a part of the same letters.
        if (!traces(secret).some(trace => (before + after).includes(trace))) for (const trace of traces(secret)) expect(rest).not.toContain(trace)
      }
    }), { numRuns: 300 })
  })

  test('one character at a time', () => {
    const masks = new Masks({ token: 'correct-horse' })
    expect(streamed(masks, [...'a correct-horse b correct-hors'])).toBe('a [secret token] b correct-hors')
  })

  test('as real programs print it', () => {
    const secret = `s3cr'et "$X" \\ä/+`
    const script = String.raw`printf '%s\n' "$S"; printf '%q\n' "$S"; printf %s "user:$S" | base64 -w 20; set -x; : "$S"; declare -p S`
    const printed = execFileSync('bash', ['-c', `{ ${script}; } 2>&1`], { env: { ...process.env, S: secret, LC_ALL: 'C.UTF-8' }, encoding: 'utf8' })
    const masked = new Masks({ token: secret }).text(printed)
    for (const trace of ['s3cr', 'czNjc', Buffer.from(`user:${secret}`).toString('base64').slice(8, 16)]) expect(masked.replaceAll('\n', '')).not.toContain(trace)
    expect(printed).toContain('s3cr')
  })
})

test('text without a secret stays as it is, however it is cut', () => {
  fc.assert(fc.property(fc.string({ maxLength: 300 }), fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }), (text, cuts) => {
    const masks = new Masks({ token: 'zq-this-is-nowhere' })
    expect(masks.text(text)).toBe(text)
    expect(streamed(masks, inChunks(text, cuts))).toBe(text)
  }))
})

test('several secrets, one within the other', () => {
  const masks = new Masks({ short: 'password', long: 'my-password-1' })
  expect(masks.text('x my-password-1 y password z')).toBe('x [secret long] y [secret short] z')
})

test('data is masked through and through', () => {
  const masks = new Masks({ token: 'correct-horse' })
  expect(masks.deep({ a: ['x correct-horse', 1, null, true], b: { c: 'correct-horse' } })).toEqual({ a: ['x [secret token]', 1, null, true], b: { c: '[secret token]' } })
})

test('20 MB pass in seconds of work, however busy the machine is', () => {
  const masks = new Masks({ token: 'a-rather-usual-secret+/' })
  const chunk = 'a line of a log as programs print them, with nothing in it to hide\n'.repeat(1_000)
  const stream = masks.stream()
  const started = process.cpuUsage()
  for (let bytes = 0; bytes < 20_000_000; bytes += chunk.length) stream.push(chunk)
  expect(process.cpuUsage(started).user).toBeLessThan(5_000_000)
})
