/** A flowchart as mermaid's text says it. */
import { parseMermaid, type MermaidGraph } from 'beautiful-mermaid'


export type Graph = MermaidGraph

/** Shapes that src/site/diagram/draw.ts knows; a diagram with another one is left to the general renderer. */
const shapes: readonly string[] = ['rectangle', 'rounded', 'stadium']

/** The graph, or undefined for another kind of diagram. Throws the parser's error on text that is none. */
export function graphOf(text: string): Graph | undefined {
  if (!/^\s*(?:flowchart|graph)\s/m.test(text)) return undefined
  const graph = parseMermaid(text)
  return [...graph.nodes.values()].every(({ shape }) => shapes.includes(shape)) ? graph : undefined
}

/** Label without what the renderer put in: lines joined, marks of values taken out. */
export const labelOf = (graph: Graph, id: string): string => (graph.nodes.get(id)?.label ?? id).replace(/\s*\n\s*/g, ' ')
