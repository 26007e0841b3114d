/** `/scripts/haproxy/external-load-balancer.mjs`: all blocks of a page as one zx module, as `proofbook extract` prints it. */
import type { APIRoute, GetStaticPaths } from 'astro'
import manifest from '../../../package.json' with { type: 'json' }
import { emitScript } from '../../script/emit.ts'
import { runbookIds, runbookOf } from '../../site/book.ts'

export const getStaticPaths: GetStaticPaths = () => runbookIds().map(id => ({ params: { id } }))

export const GET: APIRoute = ({ params }) =>
  new Response(emitScript(runbookOf(params.id!), { version: manifest.version }), { headers: { 'content-type': 'text/javascript; charset=utf-8' } })
