/** When each block ran, as an SVG: one bar a block, time from left to right. */
import { duration } from './duration.ts'
import { escapeHtml } from './html-text.ts'
import type { BlockResult, Result } from './result.ts'

/** In user units: the picture scales with the page. */
const ROW = 16
const LABELS = 300
const BARS = 620
const MARK = 60
/** A bar is at least this wide, or nobody would see it. */
const LEAST = 1.5

/** Empty when nothing ran. */
export function waterfall({ startedAt, durationMs, blocks }: Pick<Result, 'startedAt' | 'durationMs' | 'blocks'>): string {
  const ran = blocks.filter(({ status }) => status === 'ok' || status === 'failed')
    .toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt))
  if (ran.length === 0) return ''
  const zero = Date.parse(startedAt)
  const x = (ms: number): number => Math.min(BARS, Math.max(0, ms / Math.max(durationMs, 1) * BARS))
  const bars = ran.map((block, row) => bar(block, row, x(Date.parse(block.startedAt) - zero), x(block.durationMs)))
  const height = ran.length * ROW + ROW + 4
  const longest = ran.reduce((one, other) => other.durationMs > one.durationMs ? other : one)
  return `<svg class="waterfall" viewBox="0 0 ${LABELS + BARS + MARK} ${height}" role="img" aria-labelledby="waterfall-title">
<title id="waterfall-title">${escapeHtml(`${ran.length} blocks in ${duration(durationMs)}; the longest is ${longest.name} with ${duration(longest.durationMs)}`)}</title>
${bars.join('\n')}
${[0, 0.25, 0.5, 0.75, 1].map(part => tick(part, durationMs, height)).join('\n')}
</svg>`
}

function bar({ name, host, kind, status, durationMs }: BlockResult, row: number, left: number, width: number): string {
  const y = row * ROW
  const text = `${name} on ${host}`
  const shown = text.length > 44 ? `${text.slice(0, 43)}…` : text
  return `<g><title>${escapeHtml(`${kind} ${text}: ${duration(durationMs)}`)}</title>`
    + `<text x="${LABELS - 8}" y="${y + 12}" text-anchor="end">${escapeHtml(shown)}</text>`
    + `<rect class="${status} ${kind}" x="${number(LABELS + left)}" y="${y + 3}" width="${number(Math.max(width, LEAST))}" height="${ROW - 6}" rx="1.5"/></g>`
}

function tick(part: number, durationMs: number, height: number): string {
  const x = number(LABELS + part * BARS)
  return `<line x1="${x}" x2="${x}" y1="0" y2="${height - ROW}"/><text class="tick" x="${x}" y="${height - 4}" text-anchor="middle">${duration(part * durationMs)}</text>`
}

const number = (value: number): string => value.toFixed(1)
