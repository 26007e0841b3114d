/** What `#` behind the name of a page may name: its headings and its blocks. */
import { parseInfo } from './info.ts'
import { plainText, walk, type Node } from './mdast.ts'
import type { Block } from './model.ts'

/** A block's place in its page on the site: `step-install`, `undo-install`. */
export const anchorOf = ({ kind, name }: Pick<Block, 'kind' | 'name'>): string =>
  `${kind === 'rollback' ? 'undo' : kind}-${name}`

const kinds = ['precheck', 'step', 'check', 'drill', 'rollback', 'cleanup'] as const

/** Every anchor of a page, from its syntax tree. */
export function anchorsOf(tree: Node): ReadonlySet<string> {
  const anchors = new Set<string>()
  const times = new Map<string, number>()
  for (const node of walk(tree)) {
    if (node.type === 'heading') {
      const slug = slugOf(plainText(node))
      const before = times.get(slug) ?? 0
      times.set(slug, before + 1)
      anchors.add(before === 0 ? slug : `${slug}-${before}`)
    } else if (node.type === 'code') {
      const words = parseInfo(node.meta ?? '', 1).words
      for (const kind of kinds) {
        const name = words.find(({ key }) => key === kind)?.value
        // On a step `rollback="none: why"` is a remark.
        if (name !== undefined && !name.startsWith('none:')) anchors.add(anchorOf({ kind, name }))
      }
    } else if (/^mdxJsx|^html$/.test(node.type)) {
      for (const { name, value } of node.attributes ?? []) if (name === 'id' && typeof value === 'string') anchors.add(value)
      // In Markdown an element is its text.
      const id = /\sid=["']([^"']+)["']/.exec(node.value ?? '')?.[1]
      if (id !== undefined) anchors.add(id)
    }
  }
  return anchors
}

/** As GitHub makes them: letters, marks, digits, - and _ stay, spaces become hyphens. */
function slugOf(heading: string): string {
  return heading.trim().toLowerCase().replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '').replaceAll(' ', '-')
}
