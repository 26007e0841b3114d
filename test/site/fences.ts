/** The fences of a page, read line by line: on purpose by none of Proofbook's own code, so that tests compare two readings. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface RawFence {
  readonly page: string
  readonly line: number
  readonly info: string
  /** Between the fences, with the last line end; CRLF read as LF. */
  readonly text: string
}

export function fencesOf(book: string): RawFence[] {
  return globSync('**/*.mdx', { cwd: book }).sort().flatMap(file => {
    const fences: RawFence[] = []
    let open: { line: number, info: string, rows: string[] } | undefined
    const rows = readFileSync(join(book, file), 'utf8').replaceAll('\r\n', '\n').split('\n')
    rows.forEach((row, index) => {
      if (open === undefined && row.startsWith('```')) open = { line: index + 1, info: row.slice(3), rows: [] }
      else if (open !== undefined && row === '```') {
        fences.push({ page: file.replace(/\.mdx$/, ''), line: open.line, info: open.info, text: open.rows.map(text => `${text}\n`).join('') })
        open = undefined
      } else open?.rows.push(row)
    })
    return fences
  })
}

const KINDS = ['precheck', 'step', 'check', 'drill', 'rollback', 'cleanup']

/** Kind and name of a labelled fence; undefined for one that is only read. */
export function labelOf({ info, line }: RawFence): { readonly kind: string, readonly name: string } | undefined {
  if (/\sskip=/.test(info)) return { kind: 'skip', name: `skip-${line}` }
  for (const kind of KINDS) {
    const name = new RegExp(`\\s${kind}=([a-z0-9-]+)(?=\\s|$)`).exec(info)?.[1]
    if (name !== undefined) return { kind, name }
  }
  return undefined
}

export const isOutput = ({ info }: RawFence): boolean => /^text\s+output\b/.test(info)

/** Defaults of a page's variables, by a regular expression over the frontmatter. */
export function defaultsIn(book: string, page: string): Record<string, string> {
  const [, head = ''] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(readFileSync(join(book, `${page}.mdx`), 'utf8')) ?? []
  return Object.fromEntries([...head.matchAll(/^ {2}(\w+):\s*\{.*?default:\s*'?([^,'}\s]+)'?/gm)].map(([, name, value]) => [name!, value!]))
}

export const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  Object.entries(values).reduce((rest, [name, value]) => rest.replaceAll(`{{${name}}}`, value), text)
