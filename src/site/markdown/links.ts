/** Links of pages are written from the root (`/status/`); a site that is served from a sub-path needs it in front. */
import type { HastPluginEntry } from 'satteri'

export const baseLinks = (base: string): HastPluginEntry => base === '/' ? undefined : {
  name: 'proofbook-base-links',
  element: {
    filter: ['a'],
    visit(node, ctx) {
      const { href } = node.properties
      if (typeof href === 'string' && /^\/(?!\/)/.test(href)) ctx.setProperty(node, 'href', base.replace(/\/$/, '') + href)
    },
  },
}
