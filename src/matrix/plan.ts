/** The shards of a matrix, with what is expected of each: what `matrix` prints and every engine is told. Pure. */
import type { Cell } from './cells.ts'
import { deal, loadOf, lowerBound, makespanOf, type Costs } from './deal.ts'

export interface PlannedShard {
  /** `2/5`, as `verify --shard` takes it. */
  readonly shard: string
  readonly expectedMs: number
  readonly cells: readonly Cell[]
}

export interface MatrixPlan {
  /** Words after `proofbook verify` that every shard has; `--shard` comes behind them. */
  readonly arguments: readonly string[]
  readonly shards: readonly PlannedShard[]
  readonly makespanMs: number
  /** No way of dealing ends before that. */
  readonly lowerBoundMs: number
}

export function matrixPlan(cells: readonly Cell[], count: number, costs: Costs, words: readonly string[]): MatrixPlan {
  const shards = deal(cells, count, costs)
  return {
    arguments: words,
    shards: shards.map((own, index) => ({ shard: `${index + 1}/${count}`, expectedMs: Math.round(loadOf(own, costs)), cells: own })),
    makespanMs: Math.round(makespanOf(shards, costs)),
    lowerBoundMs: Math.round(lowerBound(cells, count, costs)),
  }
}
