/** Which files count. Each way in which a file can be wrong is made out of a good one. */
import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'astro/zod'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { admit } from '../../../src/report/admit.ts'
import { canonical, digestOf, sealed } from '../../../src/report/digest.ts'
import { originOf } from '../../../src/report/origin.ts'
import type { Result } from '../../../src/report/result.ts'
import { resultSchema } from '../../../src/report/schema.ts'
import { shapeProblem } from '../../../src/report/shape.ts'
import { blockResult, sampleResult } from './sample.ts'

const NAME = 'haproxy-lb.kind.json'
const NOW = Date.parse('2026-11-22T00:00:00Z')
const written = (result: object): string => `${JSON.stringify(result, undefined, 2)}\n`
const good = sealed(sampleResult())
const reason = (text: string, name = NAME, now = NOW): string | undefined => {
  const read = admit(text, name, now)
  return 'reason' in read ? read.reason : undefined
}
const forged = (extra: Partial<Result>): string => written(sealed({ ...sampleResult(), ...extra }))

test('what verify wrote counts, also with the ends of lines of Windows', () => {
  expect(admit(written(good), NAME, NOW)).toEqual({ result: good })
  expect(reason(written(good).replaceAll('\n', '\r\n'))).toBeUndefined()
})

test.each(readdirSync('src/content/results').filter(name => name.endsWith('.json')))('the committed %s counts', name => {
  expect(reason(readFileSync(`src/content/results/${name}`, 'utf8'), name, Date.now())).toBeUndefined()
})

describe('refused', () => {
  const text = written(good)
  test.each([
    ['cut', text.slice(0, -20), /not whole/],
    ['empty', '', /not whole/],
    ['twice in one file', text + text, /not whole/],
    ['a key that stands twice', text.replace('"verdict"', '"verdict": "failed",\n  "verdict"'), /stands twice/],
    ['edited', text.replace('"durationMs": 97000', '"durationMs": 96000'), /digest is not that of what it says/],
    ['without a digest', written(sampleResult()), /no digest/],
    ['of another schema', text.replace('"schema": 1', '"schema": 2'), /received schema 2, expected 1/],
    ['no object', 'null', /received schema none/],
    ['of another shape', forged({ blocks: [1] } as never), /the result, blocks, 0: received 1, expected object/],
    ['with more than there is', forged({ badge: 'green' } as never), /"badge" is not known/],
    ['from the future', forged({ startedAt: '2026-11-22T01:00:00.000Z', finishedAt: '2026-11-22T02:00:00.000Z' }), /from the future: 2026-11-22T02/],
    ['ended before it began', forged({ startedAt: '2026-11-21T23:00:00.000Z' }), /ended before it began/],
    ['verified, with a block that failed', forged({ blocks: [blockResult({ status: 'failed' })] }), /it says verified, and step install failed/],
    ['verified, with something left', forged({ leftBehind: ['+ file /tmp/x'] }), /left behind/],
    ['verified, after a retry', forged({ retries: 1 }), /after a retry/],
    ['verified, on a stand-in', forged({ standIn: 'k3s v1' }), /on the stand-in k3s v1/],
    ['verified, and nothing ran', forged({ blocks: [] }), /no block ran/],
    ['of another page under this name', forged({ runbook: 'haproxy/other', source: { path: 'runbooks/haproxy/other.mdx', sha256: 'a'.repeat(64) } }), /it is the result of haproxy\/other on kind/],
    ['of another target under this name', forged({ target: 'k3d' }), /it is the result of haproxy\/lb on k3d/],
    ['of another source', forged({ source: { path: 'runbooks/cni/x.mdx', sha256: 'a'.repeat(64) } }), /its source is runbooks\/cni\/x.mdx/],
  ])('%s', (_, file, expected) => expect(reason(file)).toMatch(expected))

  test('a clock that is two minutes ahead is not the future', () => {
    expect(reason(written(good), NAME, Date.parse(good.finishedAt) - 120_000)).toBeUndefined()
    expect(reason(written(good), NAME, Date.parse(good.finishedAt) - 600_000)).toMatch(/from the future/)
  })

  test('no edit of one character goes unseen', () => {
    fc.assert(fc.property(fc.nat(text.length - 2), fc.constantFrom('0', 'x', '"', ' ', '}'), (at, letter) => {
      fc.pre(text[at] !== letter)
      expect(reason(text.slice(0, at) + letter + text.slice(at + 1))).toBeDefined()
    }), { numRuns: 500 })
  })
})

describe('the digest', () => {
  test('does not depend on the order of keys, and on nothing but the content', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), value => {
      expect(digestOf(Object.fromEntries(Object.entries(value).toReversed()))).toBe(digestOf(value))
      expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }))
    expect(digestOf(sealed(sampleResult()))).toBe(digestOf(sampleResult()))
    expect(digestOf({ a: '1' })).not.toBe(digestOf({ a: 1 }))
  })
  test('is the one of RFC 8785 for its own example of sorting', () => {
    expect(canonical({ '\u20ac': 'Euro Sign', '\r': 'Carriage Return', '1': 'One', '\ud83d\ude00': 'Smiley' }))
      .toBe('{"\\r":"Carriage Return","1":"One","\u20ac":"Euro Sign","\ud83d\ude00":"Smiley"}')
  })
})

describe('the shape', () => {
  const whole = z.fromJSONSchema(resultSchema() as Parameters<typeof z.fromJSONSchema>[0])
  test('is judged as by a library that knows all of JSON Schema', () => {
    const paths = ['verdict', 'blocks', 'source', 'retries', 'values', 'startedAt', 'images', 'controls', 'failure', 'origin', 'egress'] as const
    fc.assert(fc.property(fc.constantFrom(...paths), fc.jsonValue(), (key, value) => {
      const result = { ...sampleResult(), [key]: value }
      expect(shapeProblem(resultSchema(), result) === undefined).toBe(whole.safeParse(result).success)
    }), { numRuns: 400 })
  })
  test('a word of a schema that is not checked is an error, not a yes', () => {
    expect(() => shapeProblem({ type: 'string', maxLength: 2 }, 'abc')).toThrow('the schema has "maxLength"')
  })
})

describe('the origin', () => {
  const github = { GITHUB_RUN_ID: '42', GITHUB_REPOSITORY: 'o/r', GITHUB_SHA: 'abc' }
  test.each([
    ['a workflow of GitHub', { ...github, GITHUB_RUN_ATTEMPT: '2' }, { run: 'https://github.com/o/r/actions/runs/42/attempts/2', commit: 'abc' }],
    ['a job of GitLab', { CI_JOB_URL: 'https://gitlab.com/o/r/-/jobs/1', CI_COMMIT_SHA: 'abc' }, { run: 'https://gitlab.com/o/r/-/jobs/1', commit: 'abc' }],
    ['a machine of one\'s own', { HOME: '/root' }, undefined],
    ['half of one', { ...github, GITHUB_SHA: undefined }, undefined],
  ])('%s', (_, env, expected) => expect(originOf(env)).toEqual(expected))
})
