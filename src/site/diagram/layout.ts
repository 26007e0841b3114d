/** Where everything stands, by ELK's layered layout. Lengths in px. */
import elk, { type ELK, type ElkExtendedEdge, type ElkNode } from 'elkjs/lib/elk.bundled.js'
import type { Graph } from './graph.ts'
import { unmarked } from './marks.ts'

export interface Box { readonly x: number, readonly y: number, readonly width: number, readonly height: number }
export interface Point { readonly x: number, readonly y: number }

export interface Layout {
  readonly width: number
  readonly height: number
  readonly nodes: readonly (Box & { readonly id: string, readonly lines: readonly string[] })[]
  readonly groups: readonly (Box & { readonly label: string })[]
  readonly edges: readonly {
    readonly points: readonly Point[]
    readonly style: Graph['edges'][number]['style']
    readonly arrows: { readonly start: boolean, readonly end: boolean }
    readonly label?: Box & { readonly text: string }
  }[]
}

export type Direction = 'RIGHT' | 'DOWN'

export const NODE_FONT = 14
export const EDGE_FONT = 12.5
const LINE = 18

/** Width of a text in IBM Plex Sans: near enough for boxes with padding. */
const widthOf = (text: string, size: number): number =>
  [...unmarked(text)].reduce((sum, character) => sum + (/[il.,:|' ]/.test(character) ? 0.32 : /[mwMW]/.test(character) ? 0.9 : 0.6), 0) * size

export async function layout(graph: Graph, direction: Direction): Promise<Layout> {
  const lines = new Map([...graph.nodes].map(([id, { label }]) => [id, label.split('\n')]))
  // One width for all boxes: equal things look equal, and columns align.
  const width = Math.max(...[...lines.values()].flat().map(line => widthOf(line, NODE_FONT))) + 32
  const node = (id: string): ElkNode => ({ id, width, height: lines.get(id)!.length * LINE + 20 })
  const group = ({ id, nodeIds, children }: Graph['subgraphs'][number]): ElkNode => ({
    id: `group:${id}`,
    children: [...nodeIds.map(node), ...children.map(group)],
    layoutOptions: { 'elk.padding': '[top=34,left=14,bottom=14,right=14]' },
  })
  const grouped = new Set(allGroups(graph.subgraphs).flatMap(({ nodeIds }) => nodeIds))

  const graphToPlace: ElkNode = {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': direction,
      'elk.edgeRouting': 'ORTHOGONAL',
      'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
      'elk.json.shapeCoords': 'ROOT',
      'elk.json.edgeCoords': 'ROOT',
      'elk.padding': '[top=4,left=4,bottom=4,right=4]',
      'elk.spacing.nodeNode': '24',
      'elk.spacing.edgeLabel': '4',
      'elk.layered.spacing.nodeNodeBetweenLayers': '44',
      'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
      'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
    },
    children: [...[...graph.nodes.keys()].filter(id => !grouped.has(id)).map(node), ...graph.subgraphs.map(group)],
    edges: graph.edges.map((edge, index): ElkExtendedEdge => ({
      id: `edge:${index}`,
      sources: [edge.source],
      targets: [edge.target],
      // Every edge gets room for a label as soon as one has one, or those without end a column early.
      labels: graph.edges.some(({ label }) => label) ? [{
        // An empty text would count as no label.
        text: edge.label ?? ' ',
        width: Math.max(...(edge.label ?? '').split('\n').map(line => widthOf(line, EDGE_FONT))) + 12,
        height: (edge.label ?? '').split('\n').length * LINE,
        layoutOptions: { 'elk.edgeLabels.inline': 'true', 'elk.edgeLabels.placement': 'CENTER' },
      }] : [],
    })),
  }
  const root = await placer().layout(graphToPlace)

  const boxes = new Map(flatten(root).map(box => [box.id, box as Box & ElkNode]))
  return {
    width: root.width!,
    height: root.height!,
    nodes: [...graph.nodes.keys()].map(id => ({ ...box(boxes.get(id)!), id, lines: lines.get(id)! })),
    groups: allGroups(graph.subgraphs).map(({ id, label }) => ({ ...box(boxes.get(`group:${id}`)!), label })),
    edges: root.edges!.map((drawn, index) => {
      const { style, label, hasArrowStart, hasArrowEnd } = graph.edges[index]!
      const [section] = drawn.sections!
      const [place] = drawn.labels ?? []
      return {
        points: [section!.startPoint, ...section!.bendPoints ?? [], section!.endPoint],
        style,
        arrows: { start: hasArrowStart, end: hasArrowEnd },
        ...(label === undefined || place === undefined ? {} : { label: { ...box(place as Box), text: label } }),
      }
    }),
  }
}

let known: ELK | undefined

/** One for all diagrams: it registers its algorithms anew in each that is made. */
function placer(): ELK {
  // CommonJS: Node and Vite hand over the class itself, TypeScript sees a namespace.
  const Placer = elk as unknown as typeof elk.default
  return known ??= new Placer()
}

const box = ({ x, y, width, height }: Box): Box => ({ x, y, width, height })
const flatten = (node: ElkNode): ElkNode[] => [node, ...(node.children ?? []).flatMap(flatten)]
const allGroups = (groups: Graph['subgraphs']): Graph['subgraphs'] => groups.flatMap(group => [group, ...allGroups(group.children)])
