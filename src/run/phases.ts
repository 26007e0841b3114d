/** The phases of a run, each a short walk over the plan or the script. */
import type { Script } from '../script/api.ts'
import type { Host } from '../target/target.ts'
import type { Background } from './background.ts'
import type { Context } from './context.ts'
import { BlockFailed, InfrastructureError, Interrupted } from './errors.ts'
import type { Phase } from './events.ts'
import { excused, notRun } from './excused.ts'
import { execute } from './execute.ts'
import { hostsFor } from './hosts.ts'
import { bookOf, type Planned } from './plan.ts'
import { Service } from './service.ts'

/** What the phases of one run share. */
export interface Walk {
  readonly context: Context
  readonly background: Background
  /** Steps that ended as they must, in the order in which they ran: what there is to undo. */
  readonly done: Planned[]
}

/** Runs one block unless it is excused; says whether it ran. Background blocks are started only. */
export async function runBlock(
  { context, background }: Walk, block: Planned, phase: Phase, on: readonly Host[] = hostsFor(context.target, block),
): Promise<boolean> {
  const excuse = excused(context, block)
  if (excuse) {
    context.emit({ event: 'end', block: notRun(block, phase, excuse) })
    return false
  }
  await background.settle(block.needs)
  // A step that an earlier process did on some of its hosts.
  const hosts = on.filter(({ name }) => block.kind !== 'step' || phase === 'second-pass' || !context.standing.isDone(block.name, name))
  // What `ready` tells of ended with the process that started it, so that it is started on every host.
  if (block.ready) await startService({ context, background }, block, phase, on)
  else if (block.background) background.start(block.name, execute(context, block, phase, hosts))
  else await execute(context, block, phase, hosts)
  return true
}

/** Goes on once the block is ready on each of its hosts, or fails as it does. */
async function startService(
  { context, background }: Pick<Walk, 'context' | 'background'>, block: Planned, phase: Phase, hosts: readonly Host[],
): Promise<void> {
  const service = new Service(block, context.values)
  const work = execute({ ...context, service }, block, phase, hosts)
  background.start(block.name, work, service)
  // Asking ends with the block, so that one which failed is not waited for.
  const over = new AbortController()
  const signal = AbortSignal.any([context.signal, service.signal, over.signal])
  const asking = Promise.all(hosts.map(host => service.readyOn(host, signal)))
  asking.catch(() => undefined)
  const ended = work.finally(() => over.abort())
  ended.catch(() => undefined)
  await Promise.race([ended, asking.catch(error => { if (!signal.aborted) throw error })])
  if (service.signal.aborted || over.signal.aborted || context.signal.aborted) await work
}

/** Every precheck of the page, wherever it stands, before anything else. */
export async function runPrechecks(walk: Walk): Promise<void> {
  await each(walk, 'precheck', walk.context.plan.filter(({ kind }) => kind === 'precheck'))
}

/** How a block of the page gets its turn; the reader's choice comes in here. */
export type Turn = (block: Planned) => Promise<void>

/** Executes the script: steps, checks and drills in page order, then waits for what still runs in the background. */
export async function runPage(walk: Walk, script: Script, turn: Turn = block => takeTurn(walk, block)): Promise<void> {
  walk.context.emit({ event: 'phase', phase: 'steps' })
  await script.main(bookOf(async block => {
    if (block.kind === 'precheck' || block.kind === 'rollback' || block.kind === 'cleanup') return
    await turn(block)
  }))
  await walk.background.settleAll()
}

export async function takeTurn(walk: Walk, block: Planned): Promise<void> {
  if (await runBlock(walk, block, 'steps') && block.kind === 'step') walk.done.push(block)
}

/**
 * Goes through an idempotent page again: its steps, and the checks below the first of them that look at no drill.
 * @throws BlockFailed when something does not hold the second time
 */
export async function runSecondPass(walk: Walk): Promise<void> {
  const { plan } = walk.context
  const first = plan.findIndex(({ kind }) => kind === 'step')
  const drilled = new Set<string>()
  const blocks = plan.slice(Math.max(0, first)).filter(({ kind, name, needs, once, background }) => {
    if (kind === 'drill' || needs.some(need => drilled.has(need))) drilled.add(name)
    return (kind === 'step' || kind === 'check') && !drilled.has(name) && !once && !background
  }).filter(block => excused(walk.context, block) === undefined)
  await each(walk, 'second-pass', blocks)
}

/** Undoes every step that was done, last first; a step without a rollback says so in the page. */
export async function runRollbacks(walk: Walk): Promise<void> {
  const blocks = walk.done.toReversed().map(step => rollbackOf(walk, step)).filter(block => block !== undefined)
  await each(walk, 'rollback', blocks)
  walk.done.length = 0
}

/** After a failure: undoes what it can, last step first; the verdict is known, so what cannot be undone is only told. */
export async function undoWhatCanBe(walk: Walk): Promise<void> {
  const steps = walk.done.splice(0).toReversed()
  if (steps.length > 0) walk.context.emit({ event: 'phase', phase: 'rollback' })
  for (const step of steps) {
    const block = rollbackOf(walk, step)
    try {
      if (block) await runBlock(walk, block, 'rollback')
    } catch (error) {
      if (!isOutcome(error)) throw error
      if (error instanceof Interrupted) return
    }
  }
}

export function rollbackOf({ context: { plan } }: Walk, step: Planned): Planned | undefined {
  return plan.find(({ kind, name }) => kind === 'rollback' && name === step.name)
}

/** What held before the first change must hold again: prechecks, and the checks above the first step; then these. */
export async function runChecksOfBefore(walk: Walk, also: readonly Planned[] = []): Promise<void> {
  const first = walk.context.plan.findIndex(({ kind }) => kind === 'step' || kind === 'drill')
  const above = first < 0 ? [] : walk.context.plan.slice(0, first).filter(({ kind, background }) => kind === 'check' && !background)
  await each(walk, 'after-rollback', [...walk.context.plan.filter(({ kind }) => kind === 'precheck'), ...above, ...also.filter(block => !above.includes(block))])
}

/** Runs all cleanups, also when one of them fails; returns the first failure. */
export async function runCleanups(walk: Walk): Promise<BlockFailed | InfrastructureError | Interrupted | undefined> {
  const blocks = walk.context.plan.filter(({ kind }) => kind === 'cleanup')
  if (blocks.length > 0) walk.context.emit({ event: 'phase', phase: 'cleanup' })
  let first: BlockFailed | InfrastructureError | Interrupted | undefined
  for (const block of blocks) {
    try {
      await runBlock(walk, block, 'cleanup')
    } catch (error) {
      if (!isOutcome(error)) throw error
      first ??= error
      if (error instanceof Interrupted) break
    }
  }
  return first
}

/** The ends of a run that are told by a verdict; any other error is a fault of Proofbook. */
export function isOutcome(error: unknown): error is BlockFailed | InfrastructureError | Interrupted {
  return error instanceof BlockFailed || error instanceof InfrastructureError || error instanceof Interrupted
}

async function each(walk: Walk, phase: Phase, blocks: readonly Planned[]): Promise<void> {
  if (blocks.length > 0) walk.context.emit({ event: 'phase', phase })
  for (const block of blocks) await runBlock(walk, block, phase)
}
