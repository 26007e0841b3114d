import { fill, placeholders } from '../runbook/placeholders.ts'

/** A text with values in place of `{{name}}`, and where each value stands in it. */
export interface Filled {
  readonly text: string
  readonly places: readonly { readonly name: string, readonly start: number, readonly end: number }[]
}

export const plain = (text: string): Filled => ({ text, places: [] })

/** Fills in values as the runner does (`fill`), and says where. Offsets are UTF-16 units of the filled text. */
export function fillWithPlaces(template: string, values: Readonly<Record<string, string>>): Filled {
  const lines = template.split('\n')
  const starts = lines.map((_, row) => lines.slice(0, row).reduce((sum, line) => sum + line.length + 1, 0))
  let shift = 0
  const places = placeholders(template).filter(({ name }) => Object.hasOwn(values, name)).map(({ name, row, column }) => {
    const start = starts[row]! + column + shift
    const end = start + values[name]!.length
    shift += values[name]!.length - `{{${name}}}`.length
    return { name, start, end }
  })
  return { text: fill(template, values), places }
}
