/**
 * Parts of the documentation that come from the code. Each stands between two comments of a page:
 *
 *     {/* from the code: fence words, Where it runs *\/}
 *     {/* end *\/}
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { auditTable } from './audit.ts'
import { commandOptions, commandTable, exitCodes } from './commands.ts'
import { fenceWords, matcherTable } from './fences.ts'
import { gateTable } from './gates.ts'
import { fieldTable, flowTable, typeTable } from './values.ts'

const docs = join(import.meta.dirname, '../../src/content/docs')

/** Text of a part by its name; what follows the comma is handed on. Register a part here. */
const parts: Readonly<Record<string, (about: string) => string>> = {
  'fence words': fenceWords,
  'matchers': matcherTable,
  'fields': fieldTable,
  'flows': flowTable,
  'types': typeTable,
  'commands': commandTable,
  'options': commandOptions,
  'exit codes': exitCodes,
  'gates': gateTable,
  'audit rules': auditTable,
}

const REGION = /(\{\/\* from the code: ([^,*]+?)(?:, ([^*]+?))? \*\/\}\n)[\s\S]*?(\n\{\/\* end \*\/\})/g

/** Pages that hold such parts, below src/content/docs. */
export const pages = ['write/runbook.mdx', 'write/fences.mdx', 'write/values.mdx', 'write/commands.mdx', 'policies.mdx'] as const

export interface DocPage {
  readonly path: string
  readonly text: string
  /** The text with every part as the code has it now. */
  readonly current: string
}

/** @throws Error that names a part which the code does not have */
export function readPage(name: typeof pages[number]): DocPage {
  const path = join(docs, name)
  const text = readFileSync(path, 'utf8')
  const current = text.replace(REGION, (_, head: string, part: string, about: string | undefined, tail: string) => {
    const write = parts[part]
    if (write === undefined) throw new Error(`${name}: received "from the code: ${part}", expected one of ${Object.keys(parts).join(', ')}`)
    return `${head}\n${write(about ?? '').trimEnd()}\n${tail}`
  })
  return { path, text, current }
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n')
}
