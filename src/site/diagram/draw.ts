/** A laid out graph as SVG. Colours are CSS variables of the page; a host has the colours of its chip. */
import { EDGE_FONT, NODE_FONT, type Layout, type Point } from './layout.ts'

const CORNER = 6
const LINE = 18

/** The inside of the SVG; `id` makes the ids of its markers unique in the page. */
export function draw({ nodes, groups, edges }: Layout, id: string): string {
  return [
    `<defs><marker id="${id}-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto-start-reverse">`
      + '<path d="M0 0.5 8 4 0 7.5z" class="arrow"/></marker></defs>',
    ...groups.map(({ x, y, width, height, label }) =>
      `<g class="group"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>${text(label, x + 14, y + 20, 'start', NODE_FONT)}</g>`),
    ...edges.map(({ points, style, arrows }) =>
      `<path class="edge ${style}" d="${path(points)}"${arrows.start ? ` marker-start="url(#${id}-arrow)"` : ''}${arrows.end ? ` marker-end="url(#${id}-arrow)"` : ''}/>`),
    ...edges.flatMap(({ label }) => label === undefined ? [] : [
      `<g class="edge-label"><rect x="${label.x}" y="${label.y}" width="${label.width}" height="${label.height}"/>`
        + `${lines(label.text.split('\n'), label.x + label.width / 2, label.y + label.height / 2, EDGE_FONT)}</g>`,
    ]),
    ...nodes.map(({ id: host, x, y, width, height, lines: words }) =>
      `<g class="node" data-host="${escape(host)}"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="5"/>`
        + `${lines(words, x + width / 2, y + height / 2, NODE_FONT)}</g>`),
  ].join('\n')
}

function lines(words: readonly string[], x: number, y: number, size: number): string {
  const first = y - (words.length - 1) * LINE / 2 + size * 0.36
  return words.map((line, index) => text(line, x, first + index * LINE, 'middle', size)).join('')
}

const text = (line: string, x: number, y: number, anchor: string, size: number): string =>
  `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" font-size="${size}">${escape(line)}</text>`

/** A line through the points with rounded corners. */
function path(points: readonly Point[]): string {
  return points.map((point, index) => {
    const before = points[index - 1]
    const after = points[index + 1]
    if (before === undefined) return `M${at(point)}`
    if (after === undefined) return `L${at(point)}`
    return `L${at(towards(point, before))}Q${at(point)} ${at(towards(point, after))}`
  }).join('')
}

function towards(from: Point, to: Point): Point {
  const distance = Math.hypot(to.x - from.x, to.y - from.y)
  const share = distance === 0 ? 0 : Math.min(CORNER, distance / 2) / distance
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
}

const round = (number: number): number => Math.round(number * 10) / 10
const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`

export const escape = (raw: string): string =>
  raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
