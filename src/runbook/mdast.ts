/**
 * The only module that knows the parser of pages. It is the parser of the site too, so that what a reader sees and what
 * runs come from one reading of the page.
 */
import { markdownToMdast, mdxToMdast } from 'satteri'
import type { Position } from './model.ts'

/** The part of a syntax tree's node that Proofbook reads. Offsets count UTF-16 units from 0. */
export interface Node {
  readonly type: string
  readonly position: {
    readonly start: Position & { readonly offset: number }
    readonly end: Position & { readonly offset: number }
  }
  readonly children?: readonly Node[]
  readonly value?: string
  readonly lang?: string | null
  readonly meta?: string | null
  readonly url?: string
  readonly alt?: string | null
  readonly depth?: number
  /** Of an element in the page, such as `<a id="here">`. */
  readonly attributes?: readonly { readonly name?: string, readonly value?: unknown }[]
}

export interface MdxError {
  readonly message: string
  readonly position: Position
}

/**
 * The tree of a page (LF line ends, no byte order mark), or the error that the parser gave.
 * @param path tells the language: `.md` is Markdown, in which `{x}` and `<x>` are text and which has no errors; all else is MDX
 */
export function parsePage(source: string, path: string): { readonly tree: Node } | { readonly error: MdxError } {
  try {
    return { tree: (path.endsWith('.md') ? markdownToMdast(source) : mdxToMdast(source)) as Node }
  } catch (error) {
    const whole = error instanceof Error ? error.message : String(error)
    const [, line, column, message] = /^(\d+):(\d+): (.*)$/s.exec(whole) ?? []
    return {
      error: {
        message: (message ?? whole).replace(/ \(mdx[a-z-]*:[a-z-]+\)$/, ''),
        position: { line: Number(line ?? 1), column: Number(column ?? 1) },
      },
    }
  }
}

/** Every node, parents first, in page order. */
export function* walk(node: Node): Generator<Node> {
  yield node
  for (const child of node.children ?? []) yield* walk(child)
}

/** What a reader sees of a node, without markup. */
export function plainText(node: Node): string {
  if (node.type.startsWith('mdx') && node.type.endsWith('Expression')) return ''
  if (node.type === 'break') return ' '
  const text = node.value ?? node.alt ?? (node.children ?? []).map(plainText).join('')
  return text.replace(/\s+/g, ' ')
}
