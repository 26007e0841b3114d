/** What the documentation says of words, keys, commands and options is what the code knows. */
import { describe, expect, test } from 'vitest'
import { pages, readPage } from '../../../scripts/docs/regions.ts'
import { createProgram } from '../../../src/cli/program.ts'
import { fields } from '../../../src/runbook/fields.ts'
import { keyRules, sections } from '../../../src/runbook/grammar.ts'
import { matchers } from '../../../src/runbook/matchers.ts'
import { flowNames } from '../../../src/runbook/traffic.ts'
import { variableTypes } from '../../../src/runbook/validate.ts'

test.each(pages)('%s is current: node scripts/docs/write.ts', (name) => {
  const { text, current } = readPage(name)
  expect(text).toBe(current)
})

describe('nothing is left out', () => {
  const shows = (page: typeof pages[number], codes: readonly string[]) => {
    const { current } = readPage(page)
    expect(codes.filter((code) => !current.includes(`\`${code.replaceAll('|', '\\|')}`))).toEqual([])
  }
  test('words of fences', () => {
    shows('write/fences.mdx', Object.values(keyRules).map(({ usage }) => `${usage}\``))
    expect(new Set(Object.values(keyRules).map(({ section }) => section))).toEqual(new Set(sections))
    // The usage that is shown is one of the word that it is shown for.
    for (const [key, { usage }] of Object.entries(keyRules)) expect(usage.split('=')[0]).toBe(key)
  })
  test('matchers', () => shows('write/fences.mdx', Object.keys(matchers).map((name) => `{{${name}}}`)))
  test('keys of the frontmatter, types of variables', () => {
    shows('write/values.mdx', [...Object.keys(fields), ...flowNames, ...variableTypes].map((name) => `${name}\``))
  })
  test('commands and options', async () => {
    const all = (await createProgram()).commands.flatMap((command) => [command, ...command.commands])
    shows('write/commands.mdx', all.flatMap(({ options }) => options.map(({ flags }) => flags)))
    expect(all.length).toBeGreaterThan(10)
  })
})
