/** The phrasing of a Markdown cell as HTML: text, code, emphasis and links, everything else as its text. */
import { plainText, type Node } from '../runbook/mdast.ts'
import { escapeHtml } from '../report/html-text.ts'

interface Options {
  /** Page from which links go out: `haproxy/operate`. */
  readonly id: string
  /** Path from which the site is served, without a slash at its end. */
  readonly base: string
  readonly code: (text: string) => string
}

export function inlineHtml(node: Node, options: Options): string {
  const inside = () => (node.children ?? []).map(child => inlineHtml(child, options)).join('')
  switch (node.type) {
    case 'tableCell': return inside()
    case 'text': return escapeHtml(node.value!)
    case 'inlineCode': return `<code>${escapeHtml(options.code(node.value!))}</code>`
    case 'strong': return `<strong>${inside()}</strong>`
    case 'emphasis': return `<em>${inside()}</em>`
    case 'link': return `<a href="${escapeHtml(hrefFrom(node.url!, options))}">${inside()}</a>`
    default: return escapeHtml(plainText(node))
  }
}

/** A link as it stands in a page, for a page elsewhere in the site. */
export function hrefFrom(url: string, { id, base }: Pick<Options, 'id' | 'base'>): string {
  if (url.startsWith('#')) return `${base}/${id}/${url}`
  if (/^\/(?!\/)/.test(url)) return base + url
  const [, path, anchor = ''] = /^([^:#?]+)\.mdx?(#.*)?$/.exec(url) ?? []
  return path === undefined ? url : `${base}${new URL(path, `file:///${id}`).pathname}/${anchor}`
}
