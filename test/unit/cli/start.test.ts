/** What `run` loads before its first step: followed through the sources, without what is only a type and what is imported later. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { commands } from '../../../src/cli/commands/index.ts'
import { createProgram } from '../../../src/cli/program.ts'

/** Files and packages that a source brings with it. */
function broughtBy(start: string): Set<string> {
  const found = new Set<string>()
  const follow = (file: string): void => {
    if (found.has(file)) return
    found.add(file)
    for (const [, what] of readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type\b)(?:[\w*]+(?: as \w+)?|(?:\w+, )?\{[^}]*\}) from '([^']+)'/gm)) {
      if (what!.startsWith('.')) follow(join(dirname(file), what!))
      else if (!what!.startsWith('node:')) found.add(what!)
    }
  }
  follow(start)
  return found
}

const packages = (start: string): string[] => [...broughtBy(start)].filter(name => !name.startsWith('src/')).sort()

test('no package stands between a reader and the first step', () => expect(packages('src/cli/run-command.ts')).toEqual([]))
test('nor what is of use at the end', () => expect([...broughtBy('src/cli/run-command.ts')].filter(name => name.startsWith('src/report/html'))).toEqual([]))
test('a package would be found', () => {
  expect(packages('src/runbook/frontmatter.ts')).toContain('yaml')
  expect(packages('src/cli/program.ts')).toEqual(['commander'])
})

test('of the commands only the one that is called is loaded', async () => {
  expect([...broughtBy('src/cli/program.ts')].filter(name => name.startsWith('src/cli/commands/'))).toEqual(['src/cli/commands/index.ts'])
  expect((await createProgram('run')).commands.map(command => command.name())).toEqual(['run'])
})
test.each(['', 'no-such-command', 'constructor', '--help'])('every command is there for %j: --help lists them, and a typo gets a suggestion', async (given) => {
  expect((await createProgram(given)).commands.map(command => command.name())).toEqual(Object.keys(commands))
})
