/** Runs a runbook to keep what it does: on the reader's own machines, or in a lab to practise. Undoes nothing by itself. */
import type { Result } from '../report/result.ts'
import { BlockFailed, Interrupted, Stopped } from './errors.ts'
import { excused, notRun } from './excused.ts'
import { asked } from './inventory.ts'
import { isOutcome, rollbackOf, runBlock, runCleanups, runPage, runPrechecks, takeTurn, type Walk } from './phases.ts'
import type { Planned } from './plan.ts'
import { begin, type RunOptions } from './run.ts'

export type Answer = 'run' | 'skip' | 'undo' | 'stop'

/** Asks the reader before a step; `last` is the step that `undo` would undo. */
export type Ask = (step: Planned, last: Planned | undefined) => Promise<Answer>

export interface WalkOptions extends RunOptions {
  /** Not asked at all when not given: the reader said yes to everything. */
  readonly ask?: Ask
}

/**
 * @returns the result; a run that did all it should has the verdict `not-run`, since nothing was proven
 * @throws BadInput before anything has run
 */
export async function walk(options: WalkOptions): Promise<Result> {
  const { script, target, ask } = options
  const run = await begin('run', options)
  let versions: Result['versions'] = {}
  let verdict: Pick<Result, 'verdict'> & Partial<Result> = { verdict: 'not-run', reason: 'run, not verified' }
  try {
    await runPrechecks(run.walk)
    await runPage(run.walk, script, ask && (block => turn(run.walk, block, ask)))
    versions = await asked(() => target.versions(), 'versions')
    const whole = Object.keys(options.selection ?? {}).length === 0
    const unclean = target.lab && whole ? await runCleanups(run.walk) : undefined
    if (unclean) throw unclean
  } catch (error) {
    await run.stop()
    if (error instanceof Stopped) verdict = { verdict: 'not-run', reason: error.message }
    else if (!isOutcome(error)) throw error
    else if (error instanceof BlockFailed) verdict = { verdict: 'failed', reason: error.message, failure: error.failure }
    else verdict = { verdict: 'infrastructure-error', reason: error instanceof Interrupted ? 'interrupted' : error.message }
  }
  return run.finish({ versions, leftBehind: [], ...verdict })
}

/** A step waits for the reader's answer; checks and all else run by themselves. */
async function turn(walk: Walk, block: Planned, ask: Ask): Promise<void> {
  if (block.kind !== 'step' || excused(walk.context, block)) return takeTurn(walk, block)
  const { emit } = walk.context
  for (;;) {
    const last = walk.done.findLast(step => rollbackOf(walk, step))
    const answer = await ask(block, last)
    emit({ event: 'choice', name: block.name, answer })
    if (answer === 'run') return takeTurn(walk, block)
    if (answer === 'stop') throw new Stopped(block.name)
    if (answer === 'skip') {
      return emit({ event: 'end', block: notRun(block, 'steps', { status: 'skipped', reason: 'the reader skipped it' }) })
    }
    if (last) await undo(walk, last, ask)
  }
}

/** Undoes a step, and offers it and the checks that belong to it again. */
async function undo(walk: Walk, step: Planned, ask: Ask): Promise<void> {
  await runBlock(walk, rollbackOf(walk, step)!, 'rollback')
  walk.done.splice(walk.done.indexOf(step), 1)
  const page = walk.context.plan.filter(({ kind }) => kind === 'step' || kind === 'check')
  const from = page.findIndex(({ kind, name }) => kind === 'step' && name === step.name) + 1
  const next = page.findIndex(({ kind }, index) => index >= from && kind === 'step')
  for (const block of [step, ...page.slice(from, next < 0 ? undefined : next)]) await turn(walk, block, ask)
}
