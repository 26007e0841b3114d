/**
 * A mermaid fence as inline SVG, at build time: no script runs and no font is asked of anybody. Flowcharts are laid
 * out here, so that hosts line up and have the colours of their chips; other diagrams go to beautiful-mermaid.
 */
import { renderMermaidSVG } from 'beautiful-mermaid'
import { draw, escape } from './draw.ts'
import { graphOf, labelOf } from './graph.ts'
import { layout, type Layout } from './layout.ts'
import { mark, marksToSpans, unmarked } from './marks.ts'

/** One connection, as the table under the diagram tells it. */
export interface Edge {
  readonly from: string
  readonly to: string
  readonly label: string
}

export interface Diagram {
  readonly title: string
  readonly description: string
  /** Wide screens; narrow screens get a flowchart drawn from top to bottom. */
  readonly wide: string
  readonly narrow: string
  readonly edges: readonly Edge[]
}

export interface DiagramOptions {
  /** Unique in the page: ids in an SVG are global. */
  readonly id: string
  readonly values: Readonly<Record<string, string>>
  /** Used when the diagram has no `accTitle`. */
  readonly title: string
}

/** Throws what the parser throws on text that is no diagram. */
export async function renderDiagram(source: string, options: DiagramOptions): Promise<Diagram> {
  const line = (key: string) => new RegExp(`^\\s*${key}:\\s*(.+)$`, 'm').exec(source)?.[1]?.trim()
  const { text, names } = mark(valuesBelow(source.replace(/^\s*acc(?:Title|Descr):.*\n?/gm, '')), options.values)
  const graph = graphOf(text)
  const title = line('accTitle') ?? options.title

  if (graph === undefined) {
    const description = line('accDescr') ?? title
    const svg = frame(general(text, options.id), { id: options.id, title, description })
    return { title, description, edges: [], wide: marksToSpans(svg, names), narrow: marksToSpans(svg.replaceAll(options.id, `${options.id}-narrow`), names) }
  }

  const edges = graph.edges.map(edge => ({
    from: unmarked(labelOf(graph, edge.source)), to: unmarked(labelOf(graph, edge.target)), label: unmarked(edge.label ?? ''),
  }))
  const description = line('accDescr') ?? edges.map(({ from, to, label }) => `${from} to ${to}${label === '' ? '' : `: ${label}`}`).join('; ')
  const flow = (placed: Layout, suffix: string) => {
    const id = `${options.id}-${suffix}`
    const svg = `<svg viewBox="0 0 ${placed.width} ${placed.height}" width="${placed.width}" height="${placed.height}">${draw(placed, id)}</svg>`
    return marksToSpans(frame(svg, { id, title, description }), names)
  }
  const down = await layout(graph, 'DOWN')
  const wide = /^\s*(?:flowchart|graph)\s+(?:TB|TD|BT)/m.test(text) ? down : await layout(graph, 'RIGHT')
  return { title, description, edges, wide: flow(wide, 'wide'), narrow: flow(down, 'narrow') }
}

/** `["HAProxy {{lb}}"]`: the name above, its address below, so that boxes stay narrow. */
const valuesBelow = (text: string): string => text.replace(/(\["?\w[\w .-]*) (\{\{[a-z][a-z0-9_-]*\}\}"?\])/g, '$1<br/>$2')

/** Title and description for readers who cannot see the picture. */
function frame(svg: string, { id, title, description }: { id: string, title: string, description: string }): string {
  return svg.replace(/<svg ([^>]*)>/, `<svg role="img" aria-labelledby="${id}-title ${id}-description" $1>`
    + `<title id="${id}-title">${escape(title)}</title><desc id="${id}-description">${escape(description)}</desc>`)
}

/** Everything that is no flowchart of boxes. Its style sheet asks a font of another host, so it is left out. */
function general(text: string, id: string): string {
  return renderMermaidSVG(text, { font: 'IBM Plex Sans Variable', transparent: true, padding: 8 })
    .replace(/<style>[\s\S]*?<\/style>\s*/, '')
    .replace(/ style="[^"]*"/, '')
    .replace(/ id="([^"]*)"/g, ` id="${id}-$1"`)
    .replace(/url\(#/g, `url(#${id}-`)
}
