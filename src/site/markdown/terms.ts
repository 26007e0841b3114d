/** The first time that a page names a term of the glossary, it can be asked what it means: a button, and its meaning in a popover. */
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { HastPluginEntry } from 'satteri'
import { tipIn } from '../glossary.ts'

type Node = { readonly type: string, readonly tagName?: string, readonly value?: string, readonly children?: readonly Node[] }

const GLOSSARY = 'src/content/docs/reference/glossary.mdx'

export const glossaryTips: HastPluginEntry = {
  name: 'proofbook-glossary-tips',
  element: {
    filter: ['p'],
    visit(paragraph, ctx) {
      if (ctx.fileURL === undefined || relative(process.cwd(), fileURLToPath(ctx.fileURL)) === GLOSSARY) return
      const data = ctx.data as { tips?: Set<string> }
      const told = data.tips ??= new Set()
      for (const node of paragraph.children as readonly Node[]) {
        // Text of the paragraph itself: what is a link, code or strong already says something else.
        if (node.type !== 'text') continue
        const found = tipIn(node.value!, told)
        if (found === undefined) continue
        const { at, length, term } = found
        told.add(term.id)
        const id = `tip-${term.id}`
        const text = (value: string) => ({ type: 'text', value })
        const element = (tagName: string, properties: object, ...children: object[]) => ({ type: 'element', tagName, properties, children })
        ctx.replaceNode(node as never, [
          text(node.value!.slice(0, at)),
          element('button', { type: 'button', className: ['tip'], popoverTarget: id }, text(node.value!.slice(at, at + length))),
          text(node.value!.slice(at + length)),
        ] as never)
        ctx.insertAfter(paragraph, element('div', { id, className: ['tip-text'], popover: '', 'data-pagefind-ignore': '' },
          element('strong', {}, text(term.term)), text(` ${term.means} `), element('a', { href: `/reference/glossary/#${term.id}` }, text('Glossary'))) as never)
      }
    },
  },
}
