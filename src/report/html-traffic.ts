/** The traffic of a run in its HTML report: the picture, and the same as tables. */
import { duration } from './duration.ts'
import { escapeHtml } from './html-text.ts'
import type { Result } from './result.ts'
import { marksOf, timeline } from './timeline.ts'
import type { FlowResult, Traffic, Way } from './traffic.ts'

/** Empty when nothing was measured. */
export function trafficSection({ traffic, blocks }: Pick<Result, 'traffic' | 'blocks'>): string {
  if (traffic === undefined) return ''
  const measured = { traffic, blocks }
  return `<h2>What the traffic did meanwhile</h2>
<p>Each flow was asked ${traffic.perSecond} times a second. Filled: no answer. Outlined: the pod that asks was gone itself.</p>
${wide('Timeline of the traffic', timeline(measured, 'timeline'))}
${wide('Flows', `<table><thead><tr>${['flow', 'from', 'asked', 'failed', 'longest', 'down, there', 'down, back', 'budget', 'outages'].map(head).join('')}</tr></thead>
<tbody>${traffic.flows.map(row).join('\n')}</tbody></table>`)}
<details><summary>Blocks of the picture</summary><table><thead><tr>${['number', 'block', 'began after', 'took'].map(head).join('')}</tr></thead>
<tbody>${marksOf(measured).map(({ number, block: { kind, name }, from, to }) =>
    cells([String(number), `${kind} ${name}`, duration(from), duration(to - from)])).join('\n')}</tbody></table></details>`
}

/** What is wider than a phone is moved sideways by itself, not with the page. Nothing stays nothing. */
export const wide = (label: string, html: string): string => html === '' ? '' : `<div class="wide" tabindex="0" role="region" aria-label="${label}">${html}</div>`
const head = (text: string): string => `<th scope="col">${text}</th>`
const cells = (texts: readonly string[]): string => `<tr>${texts.map(text => `<td>${escapeHtml(text)}</td>`).join('')}</tr>`

function row(flow: FlowResult): string {
  const { there, back } = flow
  return cells([flow.flow, flow.from, ...totals(there, back), spent(there), back ? spent(back) : '', flow.budget ?? '', outagesText(flow)])
}

/** Asked, failed, longest. */
export function totals(there: Way, back: Way | undefined): string[] {
  const longest = Math.max(there.longestGapMs, back?.longestGapMs ?? 0)
  return [String(there.sent + (back?.sent ?? 0)), String(there.failed + (back?.failed ?? 0)), longest === 0 ? '' : duration(longest)]
}

export const spent = ({ downtimeMs }: Way): string => downtimeMs === 0 ? '0' : duration(downtimeMs)

/** `4.2 s in step clean-the-nodes`, the longest three. */
export function outagesText({ outages }: Pick<Traffic['flows'][number], 'outages'>): string {
  return outages.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, 3)
    .map(({ durationMs, during }) => `${duration(durationMs)}${during ? ` from ${during.kind} ${during.name}` : ''}`).join('; ')
}
