/** Numbers that checks print: lines of JSON, `{"requests":600,"failed":0,"slowest_ms":180}`. Pure. */
import type { BlockResult, Result } from './result.ts'

export interface Measured {
  readonly block: BlockResult
  /** By the name that the check printed, unit included: `slowest_ms`. */
  readonly numbers: Readonly<Record<string, number>>
}

/**
 * Of each check that held and printed any. Every line that is a JSON object by itself counts; of a number that a check
 * prints more than once, the largest, since losses and delays are what is measured.
 */
export function measuredIn({ blocks }: Pick<Result, 'blocks'>): Measured[] {
  return blocks.filter(({ kind, status }) => kind === 'check' && status === 'ok').flatMap((block): Measured[] => {
    const numbers: Record<string, number> = {}
    for (const [name, value] of block.transcript.split('\n').flatMap(numbersOf)) numbers[name] = Math.max(value, numbers[name] ?? value)
    return Object.keys(numbers).length === 0 ? [] : [{ block, numbers }]
  })
}

function numbersOf(line: string): [string, number][] {
  if (!/^\{.*\}$/.test(line.trim())) return []
  try {
    return Object.entries(JSON.parse(line) as object).filter((entry): entry is [string, number] => typeof entry[1] === 'number')
  } catch {
    return []
  }
}

/** The longest time without an answer: the largest `window_s` (seconds) that a check of the run printed. */
export function longestLoss(result: Pick<Result, 'blocks'>): { readonly block: BlockResult, readonly milliseconds: number } | undefined {
  return measuredIn(result)
    .flatMap(({ block, numbers }) => numbers.window_s === undefined ? [] : [{ block, milliseconds: Math.round(numbers.window_s * 1000) }])
    .reduce<ReturnType<typeof longestLoss>>((longest, each) => longest === undefined || each.milliseconds > longest.milliseconds ? each : longest, undefined)
}

/** What one number is called in a history: `it-is-drained on lb: slowest_ms`. */
export const figureKey = ({ name, host }: Pick<BlockResult, 'name' | 'host'>, number: string): string => `${name} on ${host}: ${number}`

/** All numbers of a result, as a history keeps them; undefined without any. */
export function figuresFor(result: Pick<Result, 'blocks'>): Readonly<Record<string, number>> | undefined {
  const figures = Object.fromEntries(measuredIn(result)
    .flatMap(({ block, numbers }) => Object.entries(numbers).map(([name, value]) => [figureKey(block, name), value] as const)))
  return Object.keys(figures).length === 0 ? undefined : figures
}
