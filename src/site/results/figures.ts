/** Numbers of a result for people. */
import type { BlockKind } from '../../runbook/model.ts'
import type { BlockResult, Result } from '../../report/result.ts'
import { count } from '../words.ts'

/** `7 steps, 22 checks and 20 drills held` */
export function countsOf({ blocks }: Pick<Result, 'blocks'>): string {
  const held = blocks.filter(({ status }) => status === 'ok')
  const of = (...kinds: BlockKind[]) => new Set(held.filter(({ kind }) => kinds.includes(kind)).map(({ kind, name }) => `${kind} ${name}`)).size
  const parts = [
    count(of('step'), 'step'), count(of('check', 'precheck'), 'check'), count(of('drill'), 'drill'), count(of('rollback'), 'undo', 'undos'),
  ].filter(part => !part.startsWith('0 '))
  return parts.length === 0 ? 'Nothing ran' : `${parts.slice(0, -1).join(', ')}${parts.length > 1 ? ' and ' : ''}${parts.at(-1)} held`
}

export interface Figures {
  readonly block: BlockResult
  readonly figures: readonly { readonly name: string, readonly value: string }[]
}

/** What checks printed as JSON on one line: `{"requests":600,"failed":0,"slowest_ms":180}`. Nothing is computed here. */
export function drillFigures({ blocks }: Pick<Result, 'blocks'>): Figures[] {
  return blocks.filter(({ kind, status }) => kind === 'check' && status === 'ok').flatMap(block => {
    const line = block.transcript.split('\n').find(text => /^\{.*\}$/.test(text.trim()))
    const figures = line === undefined ? [] : figuresOf(line)
    return figures.length === 0 ? [] : [{ block, figures }]
  })
}

function figuresOf(line: string): Figures['figures'] {
  let data: unknown
  try {
    data = JSON.parse(line)
  } catch {
    return []
  }
  return Object.entries(data as object)
    .filter(([, value]) => typeof value === 'number')
    .map(([name, value]) => {
      const [, what = name, unit] = /^(.+)_(ms|s)$/.exec(name) ?? []
      return { name: what.replaceAll('_', ' '), value: unit === undefined ? String(value) : `${value} ${unit}` }
    })
}

/** The longest `window_s` (seconds between the first and the last request that failed) that a check of the run printed. */
export function longestLoss(result: Pick<Result, 'blocks'>): { readonly block: BlockResult, readonly milliseconds: number } | undefined {
  return drillFigures(result)
    .flatMap(({ block, figures }) => figures.filter(({ name }) => name === 'window').map(({ value }) => ({ block, milliseconds: Number.parseFloat(value) * 1000 })))
    .reduce<ReturnType<typeof longestLoss>>((longest, each) => longest === undefined || each.milliseconds > longest.milliseconds ? each : longest, undefined)
}
