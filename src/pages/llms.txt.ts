/** `/llms.txt` (llmstxt.org): what there is to read, as Markdown, and whether it holds. */
import type { APIRoute } from 'astro'
import { getCollection } from 'astro:content'
import { homeOf } from '../site/home.ts'
import { isRead, type DocsEntry } from '../site/plain/pages.ts'
import { bookStatus } from '../site/status/book-status.ts'

export const GET: APIRoute = async ({ site }) => {
  const home = homeOf(site)
  const { pages, totals } = await bookStatus()
  const ids = new Set(pages.map(({ runbook }) => runbook.id))
  const others = (await getCollection('docs', isRead) as DocsEntry[]).filter(({ id }) => !ids.has(id)).toSorted((a, b) => a.id.localeCompare(b.id))
  const lines = [
    '# Proofbook',
    '',
    '> Networking runbooks for k3s and Kubernetes that prove themselves: the code blocks of a page are what runs, on a real cluster, and each page says whether it holds.',
    '',
    `${totals.verified} of ${totals.runbooks} runbooks are verified. Each link is a page as Markdown, printed with the values that were proven; replace them by yours. \`on=\` in a fence names the host on which the block runs. A block marked \`drill=\` causes a fault and belongs to a lab.`,
    '',
    '## Runbooks',
    '',
    ...pages.map(({ runbook, word }) => `- [${runbook.title}](${home}${runbook.id}.md): ${runbook.description} (${word})`),
    '',
    '## About the book',
    '',
    ...others.map(({ id, data }) => `- [${data.title}](${home}${id}.md)${data.description === undefined ? '' : `: ${data.description}`}`),
    '',
    '## For programs',
    '',
    `- [Status](${home}status.json): every verdict as JSON`,
    `- [Changes](${home}feed.xml): changes of verdicts as an Atom feed`,
    '',
  ]
  return new Response(lines.join('\n'), { headers: { 'content-type': 'text/plain; charset=utf-8' } })
}
