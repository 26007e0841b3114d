/** Values in a diagram are marked by characters that no diagram holds, so that they are found again in the SVG. */
import { fill, placeholders } from '../../runbook/placeholders.ts'

const OPEN = '\uE000'
const CLOSE = '\uE001'
const FIRST = 0xE100

export interface Marked {
  readonly text: string
  /** Names of the variables, in the order of their marks. */
  readonly names: readonly string[]
}

export function mark(template: string, values: Readonly<Record<string, string>>): Marked {
  const names = [...new Set(placeholders(template).map(({ name }) => name))].filter(name => Object.hasOwn(values, name))
  const marked = Object.fromEntries(names.map((name, index) =>
    [name, `${OPEN}${String.fromCharCode(FIRST + index)}${values[name]}${CLOSE}`]))
  return { text: fill(template, marked), names }
}

export const unmarked = (text: string): string => text.replace(/\uE000.|\uE001/g, '')

/** Marks of an SVG's text become `<tspan data-var>`, which the reader's values are written into. */
export function marksToSpans(svg: string, names: readonly string[]): string {
  return svg.replace(/\uE000(.)([^\uE001]*)\uE001/g, (_, at: string, value: string) =>
    `<tspan data-var="${names[at.charCodeAt(0) - FIRST]}">${value}</tspan>`)
}
