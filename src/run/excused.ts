import type { BlockResult } from '../report/result.ts'
import type { Context } from './context.ts'
import { walkable, type Planned } from './plan.ts'

type Excuse = Required<Pick<BlockResult, 'status' | 'reason'>>

export type Rules = Pick<Context, 'target' | 'left' | 'plan' | 'drills'>

/** Why a block of this page does not run here; undefined when it does. */
export function excused(rules: Rules, block: Planned): Excuse | undefined {
  if (block.kind === 'skip') return { status: 'not-run', reason: block.skipReason ?? 'shown only' }
  const leftOut = rules.left(block)
  if (leftOut !== undefined) return { status: 'not-run', reason: leftOut }
  const reason = unfit(rules, block)
  return reason === undefined ? undefined : { status: 'skipped', reason }
}

/** A check of what a drill does has nothing to look at where the drill does not run, and so on along `needs`. */
function unfit(rules: Rules, block: Planned): string | undefined {
  if (block.condition) {
    const { fact, value } = block.condition
    const here = rules.target.facts[fact]
    if (here !== value) return `only where ${fact} is ${value}, here it is ${here ?? 'not known'}`
  }
  if (block.kind === 'drill' && !rules.drills) return 'drills run in `proofbook verify` only'
  if (block.kind === 'step') return undefined
  const needed = rules.plan.find(other => walkable(other) && other.line < block.line
    && block.needs.includes(other.name) && unfit(rules, other) !== undefined)
  return needed && `needs ${needed.name}, which does not run here`
}

/** A result for a block that did not run. */
export function notRun(block: Planned, phase: BlockResult['phase'], excuse: Excuse): BlockResult {
  const { kind, name, on, line } = block
  return {
    kind, name, host: on, line, phase, ...excuse,
    attempts: 0, startedAt: new Date().toISOString(), durationMs: 0, transcript: '',
  }
}
