/**
 * Links as a reader of the sources follows them, made into links of the site: `./flannel.mdx#3-the-links` in a page is
 * the file beside it, `../flannel/#3-the-links` on the site, where each page is a folder. Links from the root
 * (`/status/`) get the sub-path from which the site is served.
 */
import type { HastPluginEntry } from 'satteri'

const FILE = /^(?:\.\/)?((?:\.\.\/)*[^:#?]+)\.mdx?(#.*)?$/

export const siteLinks = (base: string): HastPluginEntry => ({
  name: 'proofbook-links',
  element: {
    filter: ['a'],
    visit(node, ctx) {
      const { href } = node.properties
      if (typeof href !== 'string') return
      const [, page, anchor = ''] = FILE.exec(href) ?? []
      if (page !== undefined && !href.startsWith('/')) ctx.setProperty(node, 'href', `../${page}/${anchor}`)
      else if (base !== '/' && /^\/(?!\/)/.test(href)) ctx.setProperty(node, 'href', base.replace(/\/$/, '') + href)
    },
  },
})
