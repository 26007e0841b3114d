/** The sitemap is made only where PROOFBOOK_SITE says which host the site is on. */
import type { APIRoute } from 'astro'
import { homeOf } from '../site/home.ts'

export const GET: APIRoute = ({ site }) =>
  new Response(['User-agent: *', 'Allow: /', ...site === undefined ? [] : ['', `Sitemap: ${homeOf(site)}sitemap-index.xml`], ''].join('\n'), { headers: { 'content-type': 'text/plain; charset=utf-8' } })
