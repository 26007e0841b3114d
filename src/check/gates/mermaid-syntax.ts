import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fill } from '../../runbook/placeholders.ts'
import type { Diagnostic } from '../../runbook/model.ts'
import { placeOf, type Gate, type Page } from '../gate.ts'

interface Mermaid {
  parse(text: string): Promise<unknown>
}

/** Diagrams parse. Mermaid is no dependency of the published package: the book's own checks have it. */
export const mermaidSyntax: Gate = {
  name: 'mermaid syntax',
  refuses: 'a diagram that mermaid cannot read',
  async check(pages, { note }) {
    const drawn = pages.filter(({ runbook }) => runbook.diagrams.length > 0)
    if (drawn.length === 0) return []
    const mermaid = await loadMermaid()
    if (mermaid === undefined) {
      note('diagrams were not checked: mermaid is not installed (npm install --save-dev mermaid)')
      return []
    }
    const found: Diagnostic[] = []
    for (const page of drawn) found.push(...await read(page, mermaid))
    return found
  },
}

async function read({ runbook, lines, values }: Page, mermaid: Mermaid): Promise<Diagnostic[]> {
  const found: Diagnostic[] = []
  for (const diagram of runbook.diagrams) {
    try {
      await mermaid.parse(fill(diagram.text, values))
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      const row = Number(/on line (\d+)/.exec(message)?.[1] ?? 1)
      found.push({ path: runbook.path, ...placeOf(diagram, lines, row - 1),
        message: 'mermaid cannot read the diagram', received: reason(message), expected: 'valid mermaid' })
    }
  }
  return found
}

async function loadMermaid(): Promise<Mermaid | undefined> {
  const require = createRequire(import.meta.url)
  let entry: string
  try {
    entry = require.resolve('mermaid')
  } catch {
    return undefined
  }
  const mermaid = (await import('mermaid')).default
  // Without a DOM, DOMPurify exports neither of these, and mermaid 12 calls both on each label even to parse. Nothing is
  // rendered here, so there is nothing to purify.
  const purify = pathToFileURL(join(dirname(createRequire(entry).resolve('dompurify')), 'purify.es.mjs')).href
  const { default: domPurify } = await import(/* @vite-ignore */ purify) as { default: Record<string, unknown> }
  domPurify.addHook ??= () => {}
  domPurify.sanitize ??= (text: string) => text
  return mermaid
}

/** The message without the drawing of a caret. */
function reason(message: string): string {
  const lines = message.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !/^-*\^$/.test(line))
  return lines.slice(0, 3).join(' | ')
}
