/** The JSON Schema accepts what the parser accepts, and refuses the frontmatter of pages whose frontmatter is bad. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'astro/zod'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { fields } from '../../../src/runbook/fields.ts'
import { frontmatterSchema } from '../../../src/runbook/schema.ts'

const schema = z.fromJSONSchema(frontmatterSchema() as Parameters<typeof z.fromJSONSchema>[0])
const frontmatterOf = (file: string): unknown =>
  parse(/^---\n([\s\S]*?)\n---/.exec(readFileSync(file, 'utf8').replaceAll('\r\n', '\n'))?.[1] ?? '', { uniqueKeys: false, strict: false })
const complaints = (value: unknown): string[] => schema.safeParse(value).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []
const pagesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.mdx')).map((name) => join(folder, name))

test.each([...pagesBelow('runbooks'), ...pagesBelow('test/fixtures/runbooks'), ...pagesBelow('test/fixtures/site/book')])('%s is accepted', (file) => {
  expect(complaints(frontmatterOf(file))).toEqual([])
})

test.each([['frontmatter', 'risk'], ['shell-metacharacters', 'variables.name.default']])('the bad fixture %s is refused at %s', (name, path) => {
  expect(complaints(frontmatterOf(`test/fixtures/bad/${name}.mdx`)).join('\n')).toContain(path)
})

describe('one mistake in a good frontmatter', () => {
  const good = { title: 'T', description: 'D.', risk: 'reversible' }
  test('the good one', () => expect(complaints(good)).toEqual([]))
  test.each([
    [{ ...good, title: ' ' }], [{ title: 'T', risk: 'reversible' }], [{ ...good, risk: 'low' }], [{ ...good, topolgy: 'load-balancer' }],
    [{ ...good, topology: 'ring' }], [{ ...good, cni: 'weave' }], [{ ...good, targets: ['minikube'] }], [{ ...good, targets: 'kind' }],
    [{ ...good, duration: '5 minutes' }], [{ ...good, downtimeBudget: { api: 'none' } }], [{ ...good, claims: ['h1'] }],
    [{ ...good, traffic: ['https'] }], [{ ...good, traffic: 'http' }],
    [{ ...good, requires: ['../x'] }], [{ ...good, variables: { a: { type: 'ip', default: '1' } } }], [{ ...good, variables: { a: { type: 'name' } } }],
    [{ ...good, variables: { a: { type: 'name', default: '$(id)' } } }], [{ ...good, variables: { a: { type: 'name', default: 'a', hint: 'b' } } }],
  ])('%j is refused', (value) => expect(complaints(value)).not.toEqual([]))
})

test('every key of the table is in the schema, with what it means', () => {
  const { properties } = frontmatterSchema() as { properties: Record<string, { description: string }> }
  for (const key of Object.keys(fields)) expect(properties[key]!.description).toMatch(/\w/)
})
