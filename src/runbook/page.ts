/** The fences, headings and paragraphs of a page in reading order. */
import { plainText, walk, type Node } from './mdast.ts'
import type { Position } from './model.ts'

export interface Fence {
  readonly language: string | undefined
  /** What stands behind the language, as written, and its 1-based column. */
  readonly info: string
  readonly infoColumn: number
  /** Between the fences, with the last line end; empty when there is no line. */
  readonly text: string
  readonly position: Position
  /** The whole opening line, from the fence on: for underlining. */
  readonly opening: string
  readonly closed: boolean
  /** Markdown reads the info string otherwise than it is written: `&amp;`, `\_`. */
  readonly rewritten: boolean
  /** Nearest heading above. */
  readonly heading: string
  /** The paragraph right behind the fence; behind its output when one follows. */
  why: string
}

type Item = { readonly fence: Fence } | { readonly paragraph: string } | { readonly heading: string }

/** Fences in page order. `isOutput` tells whether a fence belongs to the one before it. */
export function readPage(tree: Node, source: string, isOutput: (fence: Fence) => boolean): Fence[] {
  const items: Item[] = []
  let heading = ''
  for (const node of walk(tree)) {
    if (node.type === 'heading') items.push({ heading: heading = plainText(node).trim() })
    else if (node.type === 'paragraph') items.push({ paragraph: plainText(node).trim() })
    else if (node.type === 'code') items.push({ fence: readFence(node, source, heading) })
  }
  items.forEach((item, index) => {
    if (!('fence' in item)) return
    let next = items[index + 1]
    if (next !== undefined && 'fence' in next && isOutput(next.fence)) next = items[index + 2]
    if (next !== undefined && 'paragraph' in next) item.fence.why = next.paragraph
  })
  return items.flatMap((item) => 'fence' in item ? [item.fence] : [])
}

function readFence(node: Node, source: string, heading: string): Fence {
  const { start, end } = node.position
  const opening = source.slice(start.offset).split('\n', 1)[0]!.trimEnd()
  const marks = /^(?:`{3,}|~{3,})/.exec(opening)?.[0] ?? ''
  const [, gap = '', language = '', info = ''] = /^([ \t]*)(\S*)(.*)$/.exec(opening.slice(marks.length))!
  const lastLine = source.slice(source.lastIndexOf('\n', end.offset - 1) + 1, end.offset)
  const closing = /^[ \t>]*(`{3,}|~{3,})[ \t]*$/.exec(lastLine)?.[1] ?? ''
  return {
    language: language === '' ? undefined : language,
    info,
    infoColumn: start.column + marks.length + gap.length + language.length,
    text: end.line - start.line > 1 ? `${node.value}\n` : '',
    position: { line: start.line, column: start.column },
    opening,
    closed: end.line > start.line && closing[0] === marks[0] && closing.length >= marks.length,
    rewritten: language !== (node.lang ?? '') || info.trim() !== (node.meta ?? '').trim(),
    heading,
    why: '',
  }
}
