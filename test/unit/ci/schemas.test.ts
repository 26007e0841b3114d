/** What GitHub reads of this repository, by its JSON Schema; beside actionlint, which knows workflows and the inputs of actions. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { workflow } from '../../../src/author/init/workflow.ts'
import { complaints, digestOf, digests, type SchemaName } from './schema.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const yaml = (source: string): unknown => parse(source, { merge: true, maxAliasCount: 1_000 })
const text = (file: string): string => readFileSync(join(root, file), 'utf8')

const kinds: readonly (readonly [SchemaName, readonly string[]])[] = [
  ['github-workflows', globSync('.github/workflows/*', { cwd: root })],
  ['github-actions', globSync('.github/actions/*/action.yml', { cwd: root })],
  ['github-issue-forms', globSync('.github/ISSUE_TEMPLATE/*.yml', { cwd: root }).filter(file => !file.endsWith('config.yml'))],
  ['dependabot', ['.github/dependabot.yml']],
]

test('the schemas are the pinned ones', () => {
  expect(Object.fromEntries((Object.keys(digests) as SchemaName[]).map(name => [name, digestOf(name)]))).toEqual(digests)
})

describe.each(kinds.flatMap(([name, files]) => files.map(file => [file, name] as const)))('%s', (file, name) => {
  test(`is as ${name} says`, () => expect(complaints(name, yaml(text(file)))).toEqual([]))
})

test('so is the workflow that init writes', () => expect(complaints('github-workflows', yaml(workflow))).toEqual([]))

describe('a schema refuses', () => {
  const nightly = '.github/workflows/nightly.yml'
  const action = '.github/actions/verify/action.yml'
  const [form = ''] = kinds[2]![1]
  test.each<[string, SchemaName, string, string, string]>([
    ['a word that jobs do not have', 'github-workflows', nightly, 'timeout-minutes: 10', 'timeout-minute: 10'],
    ['a right that GitHub does not know', 'github-workflows', nightly, 'attestations: write', 'attestation: write'],
    ['a schedule that is no list', 'github-workflows', nightly, '[{ cron: "17 3 * * *" }]', '{ cron: "17 3 * * *" }'],
    ['an action that does not say what runs it', 'github-actions', action, 'using: composite', 'use: composite'],
    ['a step of an action without a shell', 'github-actions', action, '      shell: bash\n', ''],
    ['a form without a description', 'github-issue-forms', form, 'description:', 'about:'],
    ['a rhythm that Dependabot does not have', 'dependabot', '.github/dependabot.yml', 'interval: weekly', 'interval: fortnightly'],
  ])('%s', (_, name, file, before, after) => {
    expect(text(file)).toContain(before)
    expect(complaints(name, yaml(text(file).replace(before, after)))).not.toEqual([])
  })
})
