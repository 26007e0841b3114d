/** Numbers that checks print: one line of JSON, `{"requests":600,"failed":0,"slowest_ms":180}`. Pure. */
import type { BlockResult, Result } from './result.ts'

export interface Measured {
  readonly block: BlockResult
  /** By the name that the check printed, unit included: `slowest_ms`. */
  readonly numbers: Readonly<Record<string, number>>
}

/** Of each check that held and printed any; nothing is computed here. */
export function measuredIn({ blocks }: Pick<Result, 'blocks'>): Measured[] {
  return blocks.filter(({ kind, status }) => kind === 'check' && status === 'ok').flatMap((block): Measured[] => {
    const line = block.transcript.split('\n').find((text) => /^\{.*\}$/.test(text.trim()))
    const numbers = line === undefined ? {} : numbersOf(line)
    return Object.keys(numbers).length === 0 ? [] : [{ block, numbers }]
  })
}

function numbersOf(line: string): Record<string, number> {
  try {
    return Object.fromEntries(Object.entries(JSON.parse(line) as object).filter((entry): entry is [string, number] => typeof entry[1] === 'number'))
  } catch {
    return {}
  }
}

/** What one number is called in a history: `it-is-drained on lb: slowest_ms`. */
export const figureKey = ({ name, host }: Pick<BlockResult, 'name' | 'host'>, number: string): string => `${name} on ${host}: ${number}`

/** All numbers of a result, as a history keeps them; undefined without any. */
export function figuresFor(result: Pick<Result, 'blocks'>): Readonly<Record<string, number>> | undefined {
  const figures = Object.fromEntries(measuredIn(result)
    .flatMap(({ block, numbers }) => Object.entries(numbers).map(([name, value]) => [figureKey(block, name), value] as const)))
  return Object.keys(figures).length === 0 ? undefined : figures
}
