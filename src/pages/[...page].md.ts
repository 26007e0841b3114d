/** `/haproxy/virtual-ip.md`: a page as Markdown, with the values that were proven and the word on it. */
import type { APIRoute, GetStaticPaths } from 'astro'
import { getCollection } from 'astro:content'
import { defaultsOf, findRunbook } from '../site/book.ts'
import { homeOf } from '../site/home.ts'
import { cniBench } from '../site/measured/cni.ts'
import { bookParts } from '../site/plain/parts.ts'
import { plainBody } from '../site/plain/page.ts'
import { isRead, type DocsEntry } from '../site/plain/pages.ts'
import { runbookHead } from '../site/plain/runbook.ts'
import { standingsOf } from '../site/results/standings.ts'
import { bookStatus } from '../site/status/book-status.ts'

export const getStaticPaths: GetStaticPaths = async () =>
  (await getCollection('docs', isRead)).map((entry: DocsEntry) => ({ params: { page: entry.id }, props: { entry } }))

export const GET: APIRoute = async ({ props, site }) => {
  const { entry } = props as { entry: DocsEntry }
  const home = homeOf(site)
  const runbook = findRunbook(entry.id)
  const { title, description = '' } = entry.data
  const head = runbook === undefined ? [] : [runbookHead(runbook, await standingsOf(runbook))]
  const body = plainBody(entry.body ?? '', {
    home, ...runbook === undefined ? { components: bookParts(await bookStatus(), await cniBench(), home) } : { values: defaultsOf(runbook) },
  })
  return new Response([`# ${title}`, description, ...head, body].join('\n\n'), { headers: { 'content-type': 'text/markdown; charset=utf-8' } })
}
