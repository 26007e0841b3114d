import type { APIRoute } from 'astro'
import { homeOf } from '../site/home.ts'
import { now } from '../site/now.ts'
import { bookStatus } from '../site/status/book-status.ts'
import { statusJson } from '../site/status/json.ts'

export const GET: APIRoute = async ({ site }) =>
  new Response(`${JSON.stringify(statusJson(await bookStatus(), new Date(now()).toISOString(), homeOf(site)), undefined, 2)}\n`, { headers: { 'content-type': 'application/json' } })
