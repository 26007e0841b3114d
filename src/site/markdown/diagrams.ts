/** A mermaid fence of a page that is no runbook is drawn too, by the same component. */
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MdastPluginEntry } from 'satteri'

const FOLDER = 'src/content/docs'
const COMPONENT = `import ProofbookDiagram from '/src/components/runbook/Diagram.astro'`

export const pageDiagrams: MdastPluginEntry = ({ fileURL, data }) => {
  const path = fileURL === undefined ? undefined : relative(process.cwd(), fileURLToPath(fileURL))
  if (path === undefined || !path.startsWith(`${FOLDER}/`) || !path.endsWith('.mdx')) return undefined
  const { astro } = data as { astro?: { frontmatter?: { title?: string } } }
  return {
    name: 'proofbook-page-diagrams',
    options: { position: true },
    before(root, ctx) {
      if (root.children.some(node => node.type === 'code' && node.lang === 'mermaid')) ctx.prependChild(root, { type: 'mdxjsEsm', value: COMPONENT })
    },
    code(node) {
      if (node.lang !== 'mermaid') return
      const attribute = (name: string, value: string) => ({ type: 'mdxJsxAttribute' as const, name, value })
      return {
        type: 'mdxJsxFlowElement' as const, name: 'ProofbookDiagram', children: [],
        attributes: [attribute('line', String(node.position?.start.line)), attribute('text', node.value), attribute('title', astro?.frontmatter?.title ?? '')],
      }
    },
  }
}
