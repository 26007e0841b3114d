/** For each gate a page that it refuses, with all that it says, and a page that it passes. */
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { gates, refusedByTheParser } from '../../../src/check/gates/index.ts'
import { checkNamed } from '../../../src/check/pages.ts'

const folder = 'test/fixtures/gates'
const installed = (program: string) => (process.env.PATH ?? '').split(delimiter).some((place) => existsSync(join(place, program)))

/** Line, column, length, message of each finding. */
const refused: Readonly<Record<string, readonly (readonly [number, number, number, string])[]>> = {
  'bash-syntax': [[8, 1, 27, 'bash cannot read check "one"']],
  'shell-variables': [
    [13, 29, 8, 'check "two" uses $cluster, which nothing in it sets'],
    [15, 16, 7, '$folder without quotes in check "two"'],
  ],
  'negation': [
    [8, 1, 29, 'bash passes over a line of check "one"'],
    [10, 3, 13, 'bash passes over a line of check "one"'],
  ],
  'yaml-syntax': [[11, 4, 1, 'YAML of step "one"']],
  'mermaid-syntax': [[9, 3, 10, 'mermaid cannot read the diagram']],
  'links': [
    [9, 5, 13, 'dead anchor. Did you mean "undo-it"?'],
    [9, 20, 25, 'dead link'],
    [9, 47, 37, 'dead anchor'],
  ],
  'book/requires': [
    [5, 1, 8, 'requires unknown runbook "gone"'],
    [5, 1, 8, 'pages require each other in a circle'],
  ],
  'forbidden': [
    [8, 1, 39, 'download piped into a shell'],
    [9, 22, 7, '--force without a reason'],
    [10, 12, 12, 'image tag "latest"'],
  ],
  'secrets': [
    [8, 38, 16, 'bearer token in clear'],
    [9, 36, 14, 'password in clear'],
    [10, 22, 23, 'kubeadm token in clear'],
  ],
  'unknown-key': [[7, 19, 6, 'unknown key "timeot" on check "one". Did you mean "timeout"?']],
  'uncovered-block': [[11, 1, 7, 'unlabelled bash fence']],
  'missing-rollback': [[7, 9, 8, 'step "one" has no rollback']],
  'undeclared-value': [[8, 6, 7, 'undeclared variable "vip"']],
  'needs': [[7, 19, 9, 'needs form a cycle']],
}

async function findings(name: string): Promise<unknown[]> {
  const [page] = await checkNamed(resolve(folder, dirname(name)), [join(folder, `${name}.mdx`)], () => {})
  return page!.diagnostics.map(({ position, length, message }) => [position.line, position.column, length, message])
}

const fileOf = (name: string, which: 'bad' | 'good') => `${name}${name.includes('/') ? '-' : '.'}${which}`

describe('a page with the mistake', () => {
  test.each(Object.keys(refused))('%s is refused', async (name) => expect(await findings(fileOf(name, 'bad'))).toEqual(refused[name]))
})
describe('a page without it', () => {
  test.each([...Object.keys(refused), 'shellcheck'])('%s is passed', async (name) => expect(await findings(fileOf(name, 'good'))).toEqual([]))
})

describe('shellcheck', () => {
  test.runIf(installed('shellcheck'))('its warnings are told at their line, again when they were told before', async () => {
    const first = await findings('shellcheck.bad')
    expect(first).toContainEqual([8, 1, 28, expect.stringMatching(/^shellcheck SC20\d\d on check "one"$/)])
    expect(await findings('shellcheck.bad')).toEqual(first)
  })
  test('where it is not installed that is said, and nothing is refused', async () => {
    const { PATH } = process.env
    const notes: string[] = []
    process.env.PATH = '/nonexistent'
    try {
      const [gate] = gates.filter(({ name }) => name === 'shellcheck')
      const page = { runbook: { path: 'p', blocks: [{ kind: 'check', action: { type: 'bash' }, text: 'true\n' }] }, values: {}, lines: [] }
      expect(await gate!.check([page as never], { note: (line) => notes.push(line) })).toEqual([])
    } finally {
      process.env.PATH = PATH
    }
    expect(notes).toEqual(['blocks were not read by shellcheck: it is not installed (apt-get install shellcheck)'])
  })
})

test('every gate and every fixture is here', () => {
  const here = new Set(Object.keys(refused).map((name) => name.replace('book/', '')).concat('shellcheck'))
  const named = [...gates, ...refusedByTheParser.map(([name]) => ({ name }))].map(({ name }) => name.replace('forbidden patterns', 'forbidden').replaceAll(' ', '-').toLowerCase())
  expect(new Set(named)).toEqual(here)
  for (const file of readdirSync(folder)) if (file.endsWith('.mdx')) expect(here).toContain(file.replace(/\.(?:bad|good)\.mdx$/, ''))
})
