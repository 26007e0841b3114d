/** What the traffic did while the page ran, as an SVG: a row a flow, time from left to right, the page's blocks above. */
import { duration } from './duration.ts'
import { escapeHtml } from './html-text.ts'
import type { BlockResult, Result } from './result.ts'
import type { FlowResult, Traffic } from './traffic.ts'

/** In user units: the picture scales with the page. */
const ROW = 18
const LABELS = 230
const BARS = 660
const MARK = 90
const LEAST = 1.5

type Measured = Pick<Result, 'blocks'> & { readonly traffic: Traffic }

/** A block that changed something, as the picture numbers it. */
export interface Mark {
  readonly number: number
  readonly block: BlockResult
  /** Milliseconds after the measurement began. */
  readonly from: number
  readonly to: number
}

/** Steps, drills and rollbacks that ran meanwhile, one mark for a block on several hosts. */
export function marksOf({ blocks, traffic }: Measured): Mark[] {
  const zero = Date.parse(traffic.startedAt)
  const ran = blocks.filter(({ kind, status }) => (kind === 'step' || kind === 'drill' || kind === 'rollback') && (status === 'ok' || status === 'failed'))
  return [...Map.groupBy(ran, ({ kind, name }) => `${kind} ${name}`).values()].map((group) => {
    const from = Math.min(...group.map(({ startedAt }) => Date.parse(startedAt))) - zero
    const to = Math.max(...group.map(({ startedAt, durationMs }) => Date.parse(startedAt) + durationMs)) - zero
    return { block: group[0]!, from: Math.max(0, from), to: Math.min(to, traffic.durationMs) }
  }).filter(({ from, to }) => from < traffic.durationMs && to > 0)
    .toSorted((a, b) => a.from - b.from)
    .map((mark, index) => ({ number: index + 1, ...mark }))
}

export const downtimeOf = ({ there, back }: FlowResult): number => there.downtimeMs + (back?.downtimeMs ?? 0)

/** @param id of the picture in its page: begins the ids of its title and its description */
export function timeline(measured: Measured, id: string): string {
  const { traffic } = measured
  const { flows, durationMs, backAtMs } = traffic
  const x = (ms: number): number => LABELS + ms / Math.max(durationMs, 1) * BARS
  const marks = marksOf(measured)
  const height = (flows.length + 1) * ROW + ROW + 4
  return `<svg class="timeline" viewBox="0 0 ${LABELS + BARS + MARK} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">${escapeHtml(summary(traffic))}</title>
<desc id="${id}-desc">${escapeHtml(flows.map(sentence).join(' '))}</desc>
<text x="${LABELS - 8}" y="12" text-anchor="end">the page</text>
${marks.map(mark => markShape(mark, x, height)).join('\n')}
${backAtMs === undefined ? '' : `<line class="back" x1="${unit(x(backAtMs))}" x2="${unit(x(backAtMs))}" y1="0" y2="${height - ROW}"/><text x="${unit(x(backAtMs) + 3)}" y="${height - ROW}">undo</text>`}
${flows.map((flow, row) => flowShape(flow, (row + 1) * ROW, { x, traffic })).join('\n')}
${[0, 0.25, 0.5, 0.75, 1].map(part => tick(part * durationMs, x, height)).join('\n')}
</svg>`
}

/** One sentence on all of it. */
export function summary({ flows, durationMs }: Traffic): string {
  const worst = flows.toSorted((a, b) => downtimeOf(b) - downtimeOf(a))[0]
  const kept = flows.filter(flow => downtimeOf(flow) === 0).length
  const most = worst === undefined || downtimeOf(worst) === 0 ? '' : `; ${worst.flow} from ${worst.from} was down the longest, ${duration(downtimeOf(worst))}`
  return `${kept} of ${flows.length} flows lost nothing in ${duration(durationMs)}${most}`
}

function sentence(flow: FlowResult): string {
  const down = downtimeOf(flow)
  return `${flow.flow} from ${flow.from}: ${down === 0 ? 'nothing lost' : `down for ${duration(down)}, ${flow.outages.length === 1 ? 'once' : `${flow.outages.length} times`}`}.`
}

type Scale = (ms: number) => number

function markShape({ number, block, from, to }: Mark, x: Scale, height: number): string {
  const width = Math.max(x(to) - x(from), LEAST)
  const text = `${number}: ${block.kind} ${block.name}, ${duration(to - from)}`
  const label = width > 10 ? `<text x="${unit(x(from) + width / 2)}" y="12" text-anchor="middle" class="number">${number}</text>` : ''
  return `<g><title>${escapeHtml(text)}</title><line x1="${unit(x(from))}" x2="${unit(x(from))}" y1="${ROW}" y2="${height - ROW}"/>`
    + `<rect class="mark ${block.kind}" x="${unit(x(from))}" y="2" width="${unit(width)}" height="${ROW - 5}" rx="1.5"/>${label}</g>`
}

function flowShape(flow: FlowResult, y: number, { x, traffic: { binMs, durationMs } }: { x: Scale, traffic: Traffic }): string {
  const label = `${flow.flow} from ${flow.from}`
  const parts = [...flow.bins.matchAll(/(.)\1*/g)].filter(([, bin]) => bin !== '.').map(({ 0: run, 1: bin = 'x', index }) => {
    const from = index * binMs
    const to = Math.min((index + run.length) * binMs, durationMs)
    const part = bin === 'x' || bin === '-' ? 1 : Number(bin) / 10
    const tall = Math.max(2, part * (ROW - 6))
    return `<rect class="${bin === '-' ? 'gone' : 'lost'}" x="${unit(x(from))}" y="${unit(y + ROW - 4 - tall)}" width="${unit(Math.max(x(to) - x(from), LEAST))}" height="${unit(tall)}"/>`
  })
  const down = downtimeOf(flow)
  return `<g><title>${escapeHtml(sentence(flow))}</title><text x="${LABELS - 8}" y="${y + 13}" text-anchor="end">${escapeHtml(label)}</text>`
    + `<rect class="held" x="${LABELS}" y="${y + ROW - 5}" width="${BARS}" height="1.5"/>${parts.join('')}`
    + `<text x="${LABELS + BARS + 8}" y="${y + 13}">${down === 0 ? 'nothing lost' : duration(down)}</text></g>`
}

const tick = (ms: number, x: Scale, height: number): string =>
  `<text class="tick" x="${unit(x(ms))}" y="${height - 2}" text-anchor="middle">${duration(ms)}</text>`

const unit = (value: number): string => value.toFixed(1)
