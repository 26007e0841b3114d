/** Each cell of a Markdown table carries its column's heading, so that a phone can show a row as a list. */
import type { HastPluginEntry } from 'satteri'

type Tree = { readonly type: string, readonly tagName?: string, readonly children?: readonly Tree[] }

const cells = (row: Tree): Tree[] => (row.children ?? []).filter(({ tagName }) => tagName === 'td' || tagName === 'th')

export const labelledTables: HastPluginEntry = {
  name: 'proofbook-labelled-tables',
  element: {
    filter: ['table'],
    visit(table, ctx) {
      const part = (name: string) => (table as Tree).children?.find(({ tagName }) => tagName === name)
      const rows = (tree: Tree | undefined) => (tree?.children ?? []).filter(({ tagName }) => tagName === 'tr')
      const heads = rows(part('thead')).flatMap(cells)
      const headings = heads.map(cell => ctx.textContent(cell as never))
      // An empty corner heads nothing, and a reader that speaks would say so at each row.
      for (const [index, heading] of headings.entries()) if (heading === '') ctx.replaceNode(heads[index] as never, { type: 'element', tagName: 'td', properties: {}, children: [] } as never)
      for (const row of rows(part('tbody'))) {
        for (const [index, cell] of cells(row).entries()) ctx.setProperty(cell as never, 'data-label' as never, headings[index] ?? '' as never)
      }
      ctx.setProperty(table, 'className' as never, ['stacks'] as never)
    },
  },
}
