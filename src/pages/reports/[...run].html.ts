/** `/reports/haproxy/operate.kind.html`: the whole run behind a chip, as `verify --report html` writes it. */
import type { APIRoute, GetStaticPaths } from 'astro'
import { html } from '../../report/html.ts'
import type { Result } from '../../report/result.ts'
import { allRunbooks } from '../../site/book.ts'
import { reportOf } from '../../site/results/lines.ts'
import { standingsOf } from '../../site/results/standings.ts'

export const getStaticPaths: GetStaticPaths = async () => {
  const standings = (await Promise.all(allRunbooks().map(standingsOf))).flat()
  return standings.flatMap(({ result }) => result === undefined || reportOf(result) === undefined ? []
    : [{ params: { run: `${result.runbook}.${result.target}` }, props: { result } }])
}

export const GET: APIRoute = ({ props }) =>
  new Response(html(props.result as Result), { headers: { 'content-type': 'text/html; charset=utf-8' } })
