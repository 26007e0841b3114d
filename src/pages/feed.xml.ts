import type { APIRoute } from 'astro'
import { homeOf } from '../site/home.ts'
import { now } from '../site/now.ts'
import { bookStatus } from '../site/status/book-status.ts'
import { atom } from '../site/status/feed.ts'
import { changesIn } from '../site/status/history.ts'

export const GET: APIRoute = async ({ site }) => {
  const { pages, history } = await bookStatus()
  const titles = new Map(pages.map(({ runbook }) => [runbook.id, runbook.title]))
  const changes = changesIn(history).filter(({ entry }) => titles.has(entry.runbook))
  return new Response(atom(changes, { home: homeOf(site), built: new Date(now()).toISOString(), titles }), { headers: { 'content-type': 'application/atom+xml; charset=utf-8' } })
}
