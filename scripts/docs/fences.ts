/** The grammar of fences as tables. */
import { keyRules, purposes, sections, type Purpose } from '../../src/runbook/grammar.ts'
import { explained, REGEXP_USAGE, SKIP_LINES } from '../../src/runbook/matchers.ts'
import { table } from './regions.ts'

/** The words of one section. */
export function fenceWords(section: string): string {
  const words = Object.values(keyRules).filter((rule) => rule.section === section)
  if (words.length === 0) throw new Error(`no fence word in the section "${section}"`)
  if (section === sections[0]) return table(['Word', 'It means'], words.map(({ usage, means }) => [`\`${usage}\``, means]))
  return table(['Word', 'On', 'It means'], words.map(({ usage, on, means }) => [`\`${usage}\``, whereItStands(on), means]))
}

const running = purposes.filter((purpose) => purpose !== 'skip' && purpose !== 'output')

function whereItStands(on: readonly Purpose[]): string {
  const all = running.every((purpose) => on.includes(purpose))
  if (all) return on.includes('skip') ? 'every block' : 'every block that runs'
  return on.join(', ')
}

export function matcherTable(): string {
  return table(['Matcher', 'Matches'], [
    ...Object.entries(explained).map(([name, means]) => [`\`{{${name}}}\``, means]),
    [`\`${SKIP_LINES}\``, 'Any lines, also none; alone on its line'],
    [`\`${REGEXP_USAGE}\``, 'A regular expression within the line'],
  ])
}
