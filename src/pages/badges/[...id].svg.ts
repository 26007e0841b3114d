/** `/badges/haproxy/virtual-ip.svg`: the worst word on a page, with the date of the run behind it. */
import type { APIRoute, GetStaticPaths } from 'astro'
import { runbookIds } from '../../site/book.ts'
import { badgeSvg } from '../../site/status/badge.ts'
import { bookStatus } from '../../site/status/book-status.ts'

export const getStaticPaths: GetStaticPaths = () => runbookIds().map(id => ({ params: { id } }))

export const GET: APIRoute = async ({ params }) => {
  const { word, standings } = (await bookStatus()).pages.find(({ runbook }) => runbook.id === params.id)!
  const behind = standings.find(standing => standing.word === word)?.result
  const badge = { word, ...behind === undefined || word === 'not run' ? {} : { finishedAt: behind.finishedAt } }
  return new Response(badgeSvg(badge), { headers: { 'content-type': 'image/svg+xml' } })
}
