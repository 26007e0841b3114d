/** Runs a runbook to keep what it does: on the reader's own machines, or in a lab to practise. Undoes nothing by itself. */
import type { Result } from '../report/result.ts'
import { BlockFailed, Interrupted, Stopped } from './errors.ts'
import { excused, notRun } from './excused.ts'
import { hostsFor } from './hosts.ts'
import { asked } from './inventory.ts'
import { isOutcome, rollbackOf, runBlock, runCleanups, runPage, runPrechecks, takeTurn, type Walk } from './phases.ts'
import { checksOf, type Planned } from './plan.ts'
import { begin, type RunOptions } from './run.ts'
import { settle, type Deciding } from './settle.ts'

export type Answer = 'run' | 'skip' | 'undo' | 'stop'

/** Asks the reader before a step; `last` is the step that `undo` would undo. @throws Stopped to tell why it stops */
export type Ask = (step: Planned, last: Planned | undefined) => Promise<Answer>

export interface WalkOptions extends RunOptions, Deciding {
  /** Not asked at all when not given: the reader said yes to everything. */
  readonly ask?: Ask
}

/**
 * @returns the result; a run that did all it should has the verdict `not-run`, since nothing was proven
 * @throws BadInput before anything has run
 * @throws JournalFailed, Undecided when it must not go on
 */
export async function walk(options: WalkOptions): Promise<Result> {
  const { script, target } = options
  const run = await begin('run', options)
  let versions: Result['versions'] = {}
  let verdict: Pick<Result, 'verdict'> & Partial<Result> = { verdict: 'not-run', reason: 'run, not verified' }
  try {
    // What must hold before the first change need not hold in the middle.
    if (run.walk.context.standing.order.length === 0) await runPrechecks(run.walk)
    await runPage(run.walk, script, block => turn(run.walk, block, options))
    versions = await asked(() => target.versions(), 'versions')
    const whole = Object.keys(options.selection ?? {}).length === 0
    const unclean = target.lab && whole ? await runCleanups(run.walk) : undefined
    if (unclean) throw unclean
  } catch (error) {
    await run.stop()
    verdict = verdictOf(error)
  }
  return run.finish({ versions, leftBehind: [], ...verdict })
}

/** @throws what is no end of a run but a fault, or a reason to leave the journal as it is */
export function verdictOf(error: unknown): Pick<Result, 'verdict'> & Partial<Result> {
  if (error instanceof Stopped) return { verdict: 'not-run', reason: error.message }
  if (!isOutcome(error)) throw error
  if (error instanceof BlockFailed) return { verdict: 'failed', reason: error.message, failure: error.failure }
  return { verdict: 'infrastructure-error', reason: error instanceof Interrupted ? 'interrupted' : error.message }
}

/** What is done already is passed over; a step waits for the reader's answer; all else runs by itself. */
async function turn(walk: Walk, block: Planned, options: WalkOptions): Promise<void> {
  const { context } = walk
  if (excused(context, block)) return takeTurn(walk, block)
  const on = (holds: (host: string) => boolean): boolean => hostsFor(context.target, block).every(({ name }) => holds(name))
  const { standing } = context
  if (block.kind === 'check' && on(host => standing.held(block.name, host))) return
  if (block.kind !== 'step') return takeTurn(walk, block)
  if (walk.done.some(({ name }) => name === block.name) || standing.skipped.has(block.name)) return
  if (standing.step(block.name).size > 0) {
    await settle(walk, block, options)
    if (on(host => standing.isDone(block.name, host))) {
      walk.done.push(block)
      return
    }
  }
  return offer(walk, block, options)
}

/** Asks where somebody is to be asked, and does as told. */
async function offer(walk: Walk, step: Planned, options: WalkOptions): Promise<void> {
  const { ask } = options
  if (!ask) return takeTurn(walk, step)
  const { emit, synced } = walk.context
  for (;;) {
    const last = walk.done.findLast(done => rollbackOf(walk, done))
    await synced()
    const answer = await ask(step, last)
    emit({ event: 'choice', name: step.name, answer })
    if (answer === 'run') return takeTurn(walk, step)
    if (answer === 'stop') throw new Stopped(step.name)
    if (answer === 'skip') {
      return emit({ event: 'end', block: notRun(step, 'steps', { status: 'skipped', reason: 'the reader skipped it' }) })
    }
    if (last) await undo(walk, last, options)
  }
}

/** Undoes a step, and offers it and the checks that belong to it again. */
async function undo(walk: Walk, step: Planned, options: WalkOptions): Promise<void> {
  await runBlock(walk, rollbackOf(walk, step)!, 'rollback')
  walk.context.emit({ event: 'undone', name: step.name })
  walk.done.splice(walk.done.indexOf(step), 1)
  for (const block of [step, ...checksOf(walk.context.plan, step)]) await turn(walk, block, options)
}
