/** The published schema takes every result that was really written, and nothing else. */
import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'astro/zod'
import { describe, expect, test } from 'vitest'
import { resultSchema } from '../../../src/report/schema.ts'
import { fence, prove } from '../run/prove.ts'
import { sampleResult } from './sample.ts'

const schema = z.fromJSONSchema(resultSchema() as Parameters<typeof z.fromJSONSchema>[0])
const complaints = (value: unknown): string[] => schema.safeParse(value).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []
const recorded = readdirSync('src/content/results').filter(name => name.endsWith('.json'))

test.each(recorded)('%s', (name) => {
  expect(complaints(JSON.parse(readFileSync(`src/content/results/${name}`, 'utf8')))).toEqual([])
})

test.each([
  ['that holds', fence('bash step=a', 'echo 1 > state') + fence('bash rollback=a', 'rm state') + fence('bash check=c', 'test -e state')],
  ['that fails', fence('bash step=a', 'exit 3') + fence('bash rollback=a', 'true')],
  ['that leaves something', fence('bash step=a rollback="none: the test"', 'echo 1 > state')],
])('a page %s', async (_, page) => {
  const { verify, folder } = await prove(page)
  await verify()
  expect(complaints(JSON.parse(readFileSync(folder.result, 'utf8')))).toEqual([])
})

describe('refused', () => {
  test('the good one is not', () => expect(complaints(sampleResult())).toEqual([]))
  const { verdict: _, ...none } = sampleResult()
  test.each([
    [none, 'verdict'], [{ ...sampleResult(), verdict: 'green' }, 'verdict'], [{ ...sampleResult(), schema: 2 }, 'schema'],
    [{ ...sampleResult(), badge: 1 }, 'badge'], [{ ...sampleResult(), startedAt: 'yesterday' }, 'startedAt'],
    [{ ...sampleResult(), blocks: [{ kind: 'step' }] }, 'blocks.0'], [{ ...sampleResult(), source: { path: 'x', sha256: 'x' } }, 'source.sha256'],
  ])('%#: at %s', (value, at) => expect(complaints(value).join('\n')).toContain(at))
})
