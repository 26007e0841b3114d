/**
 * Every fence of a runbook becomes a <Fence line=N>: the component asks the runbook's own parser what the fence is.
 * Nothing of the fence grammar is known here.
 */
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MdastPluginEntry } from 'satteri'
import { bookFolder } from '../book-folder.ts'
import { fill } from '../../runbook/placeholders.ts'

const COMPONENTS = `import ProofbookFence from '/src/components/runbook/Fence.astro'
import ProofbookUndoAll from '/src/components/runbook/UndoAll.astro'`

type Attribute = { type: 'mdxJsxAttribute', name: string, value: string }
const attribute = (name: string, value: string): Attribute => ({ type: 'mdxJsxAttribute', name, value })
const element = (name: string, ...attributes: Attribute[]) =>
  ({ type: 'mdxJsxFlowElement' as const, name, attributes, children: [] })

/** Heading of the section that undoes the page, as authors write it: "Undo all of it". */
export const isUndoHeading = (text: string): boolean => /^undo\b/i.test(text)

export const runbookFences: MdastPluginEntry = ({ fileURL, data }) => {
  const path = fileURL === undefined ? undefined : relative(process.cwd(), fileURLToPath(fileURL))
  if (path === undefined || !path.startsWith(`${bookFolder}/`)) return undefined
  const id = path.slice(bookFolder.length + 1).replace(/\.mdx$/, '')
  const defaults = defaultsOf(data)
  let depth = 1

  return {
    name: 'proofbook-fences',
    options: { position: true },
    before(root, ctx) {
      ctx.prependChild(root, { type: 'mdxjsEsm', value: COMPONENTS })
      const undo = root.children.findIndex(node =>
        node.type === 'heading' && node.depth === 2 && isUndoHeading(ctx.textContent(node)))
      if (undo < 0) return
      const next = root.children[undo + 1]
      ctx.insertAfter(next?.type === 'paragraph' ? next : root.children[undo]!, element('ProofbookUndoAll', attribute('id', id)))
    },
    heading(node) {
      depth = node.depth
    },
    code(node) {
      return element('ProofbookFence', attribute('id', id), attribute('line', String(node.position?.start.line)),
        attribute('lang', node.lang ?? ''), attribute('text', node.value), attribute('depth', String(depth)))
    },
    inlineCode(node, ctx) {
      const value = fill(node.value, defaults)
      if (value === node.value) return
      ctx.setProperty(node, 'value', value)
      ctx.setProperty(node, 'data', { hProperties: { 'data-template': node.value } })
    },
  }
}

/** Defaults of the page's variables by name, from the frontmatter that Astro has read already. */
function defaultsOf(data: object): Record<string, string> {
  const { astro } = data as { astro?: { frontmatter?: { variables?: Record<string, { default?: unknown }> } } }
  return Object.fromEntries(Object.entries(astro?.frontmatter?.variables ?? {})
    .filter(([, variable]) => variable.default !== undefined)
    .map(([name, variable]) => [name, String(variable.default)]))
}
