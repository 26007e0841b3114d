/** Undoes what a run has done, last step first. */
import type { Result } from '../report/result.ts'
import { BadInput } from '../runbook/errors.ts'
import type { Host } from '../target/target.ts'
import type { Context } from './context.ts'
import { notRun } from './excused.ts'
import { hostsFor } from './hosts.ts'
import type { Standing } from './journal/standing.ts'
import { rollbackOf, runBlock } from './phases.ts'
import type { Planned } from './plan.ts'
import { begin, type RunOptions } from './run.ts'
import { settle, type Deciding } from './settle.ts'
import { verdictOf } from './walk.ts'

export interface RollbackOptions extends RunOptions, Deciding {
  /** The last step that stays; everything is undone when not given. */
  readonly to?: string
  /** Asks before each step is undone; not asked at all when not given. */
  readonly confirm?: (step: Planned) => Promise<boolean>
}

/**
 * Names of the steps to undo, in that order.
 * @throws BadInput when the run has no such step
 */
export function toUndo(standing: Standing, to?: string): string[] {
  const begun = standing.order.filter(name => standing.step(name).size > 0)
  if (to === undefined) return begun.toReversed()
  const at = begun.indexOf(to)
  if (at < 0) throw new BadInput(`received --to ${to}, expected a step that this run has done: ${begun.join(', ') || 'it has done none'}`)
  return begun.slice(at + 1).toReversed()
}

/**
 * @returns the result; `not-run` when all that was to be undone is undone, since nothing was proven
 * @throws BadInput before anything has run
 * @throws JournalFailed, Undecided when it must not go on
 */
export async function rollback(options: RollbackOptions): Promise<Result> {
  const run = await begin('rollback', options)
  const { context } = run.walk
  let verdict: Pick<Result, 'verdict'> & Partial<Result> = { verdict: 'not-run', reason: 'undone' }
  try {
    context.emit({ event: 'phase', phase: 'rollback' })
    for (const name of toUndo(context.standing, options.to)) {
      const step = context.plan.find(block => block.kind === 'step' && block.name === name)
      if (step === undefined) throw new BadInput(`the run has done step ${name}, which its script does not have`)
      await settle(run.walk, step, options)
      // Told not to be done: there is nothing to undo.
      if (context.standing.step(name).size === 0) continue
      const block = rollbackOf(run.walk, step)
      if (block === undefined) {
        context.emit({ event: 'end', block: notRun({ ...step, kind: 'rollback' }, 'rollback', { status: 'not-run', reason: step.noRollback ?? 'it has no rollback' }) })
        continue
      }
      if (options.confirm && !await options.confirm(step)) {
        verdict = { verdict: 'not-run', reason: `stopped before undoing ${name}` }
        break
      }
      await runBlock(run.walk, block, 'rollback', hostsOf(context, step, block))
      context.emit({ event: 'undone', name })
    }
  } catch (error) {
    await run.stop()
    verdict = verdictOf(error)
  }
  return run.finish({ versions: {}, leftBehind: [], ...verdict })
}

/** Where a step and its rollback name the same hosts, only those are undone where the step was done. */
function hostsOf({ target, standing }: Context, step: Planned, rollback: Planned): readonly Host[] {
  const hosts = hostsFor(target, rollback)
  return step.on === rollback.on ? hosts.filter(({ name }) => standing.step(step.name).has(name)) : hosts
}
