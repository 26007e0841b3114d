/** Proves a runbook in a lab: everything runs, everything is undone, nothing is left behind. */
import { join } from 'node:path'
import type { BlockResult, Result } from '../report/result.ts'
import type { Measuring } from '../target/target.ts'
import { standInOf } from '../report/stand-in.ts'
import { heldBefore } from './abort.ts'
import { runControls } from './controls.ts'
import { BlockFailed, InfrastructureError, Interrupted } from './errors.ts'
import { notRun } from './excused.ts'
import { asked, differences, takeInventory } from './inventory.ts'
import { isOutcome, runChecksOfBefore, runCleanups, runPage, runPrechecks, runRollbacks, runSecondPass, undoWhatCanBe } from './phases.ts'
import { begin, type Run, type RunOptions } from './run.ts'
import { budgetFailure, trafficOf } from './traffic.ts'

/**
 * With `abort` the verdict `not-run` means that all of it held, the way back too.
 *
 * @returns the result, also for a page that failed, an interrupted run and a broken lab
 * @throws BadInput before anything has run
 */
export async function verify(options: RunOptions): Promise<Result> {
  const { script, target } = options
  const run = await begin('verify', options)
  let versions: Result['versions'] = {}
  let leftBehind: string[] = []
  let diagnostics: readonly string[] = []
  let controls: Result['controls'] = []
  let secondPass: readonly string[] | undefined
  let measuring: Measuring | undefined
  let traffic: Result['traffic']
  let error: Outcome | undefined
  try {
    const before = await takeInventory(target)
    run.emit({ event: 'inventory', when: 'before', facts: before.length })
    await runPrechecks(run.walk)
    if (options.selection?.from === undefined && options.abort === undefined) controls = await runControls(run.walk)
    measuring = await startMeasuring(run, options)
    await runPage(run.walk, script)
    versions = await asked(() => target.versions(), 'versions')
    if (script.meta.idempotent && isWhole(options)) {
      const once = await takeInventory(target)
      await runSecondPass(run.walk)
      secondPass = differences(once, await takeInventory(target))
      run.emit({ event: 'inventory', when: 'second-pass', facts: once.length, different: secondPass })
    }
    await runRollbacks(run.walk)
    traffic = await endMeasuring(run, measuring, options)
    measuring = undefined
    await runChecksOfBefore(run.walk, heldBefore(run.walk.context.plan, options.abort?.again ?? [], run.blocks))
    error = await runCleanups(run.walk)
    leftBehind = differences(before, await takeInventory(target))
    run.emit({ event: 'inventory', when: 'after', facts: before.length, different: leftBehind })
  } catch (thrown) {
    await run.stop()
    if (measuring) traffic = await endMeasuring(run, measuring, options).catch(() => undefined)
    if (!isOutcome(thrown)) throw thrown
    error = thrown
    if (!(error instanceof Interrupted)) {
      versions = await target.versions().catch(() => ({}))
      diagnostics = await saved(options)
      if (options.undoAfterFailure) await undoWhatCanBe(run.afterwards)
      await runCleanups(run.afterwards)
    }
  }
  tellNotRun(run)
  const standIn = standInOf(target.images)
  return run.finish({
    versions, leftBehind,
    ...verdictOf(run, error, { leftBehind, secondPass: secondPass ?? [], traffic }, options, standIn),
    ...standIn === undefined ? {} : { standIn },
    ...diagnostics.length === 0 ? {} : { diagnostics },
    ...secondPass === undefined ? {} : { secondPass },
    ...traffic === undefined ? {} : { traffic },
    ...controls.length === 0 ? {} : { controls },
    ...target.egress === undefined ? {} : { egress: target.egress },
  })
}

/** What is to be seen of the failure, before it is undone. That it cannot be saved changes no verdict. */
async function saved({ target, folder }: RunOptions): Promise<readonly string[]> {
  const files = await target.diagnose?.(join(folder.path, 'diagnostics')).catch(() => []) ?? []
  return files.map(file => `diagnostics/${file}`)
}

const isWhole = ({ selection = {}, abort }: RunOptions): boolean => abort === undefined && Object.keys(selection).length === 0

/** Only of a whole page: the way back of a part would be another one. */
async function startMeasuring(run: Run, options: RunOptions): Promise<Measuring | undefined> {
  const { script, target, signal } = options
  const flows = script.meta.traffic ?? []
  if (flows.length === 0 || target.measure === undefined || !isWhole(options)) return undefined
  const measuring = await asked(() => target.measure!(flows, signal), 'traffic')
  run.emit({ event: 'traffic', flows })
  return measuring
}

async function endMeasuring(run: Run, measuring: Measuring | undefined, { script }: RunOptions): Promise<Result['traffic']> {
  if (measuring === undefined) return undefined
  const measured = trafficOf(await asked(() => measuring.stop(), 'traffic'), { blocks: run.blocks, budgets: script.meta.downtimeBudget })
  run.emit({ event: 'traffic', flows: script.meta.traffic, measured })
  return measured
}

interface Found extends Required<Pick<Result, 'leftBehind' | 'secondPass'>> {
  readonly traffic: Result['traffic']
}

type Outcome = BlockFailed | InfrastructureError | Interrupted

function verdictOf(
  run: Run, error: Outcome | undefined, { leftBehind, secondPass, traffic }: Found, { selection, abort, signal, target }: RunOptions, standIn: string | undefined,
): Pick<Result, 'verdict'> & Partial<Result> {
  if (signal.aborted || error instanceof Interrupted) return { verdict: 'infrastructure-error', reason: 'interrupted' }
  if (error instanceof BlockFailed) return { verdict: 'failed', reason: error.message, failure: error.failure }
  if (error) return { verdict: 'infrastructure-error', reason: error.message }
  if (secondPass.length > 0) return { verdict: 'failed', reason: reasonOf(secondPass, 'after the second pass') }
  if (leftBehind.length > 0) return { verdict: 'failed', reason: reasonOf(leftBehind, 'from before') }
  const exceeded = traffic && budgetFailure(traffic)
  if (exceeded) return { verdict: 'failed', reason: exceeded.message, failure: exceeded }
  if (abort) return { verdict: 'not-run', reason: `only the way back was tried${abort.before === undefined ? '' : `, from before ${abort.before}`}` }
  const part = Object.entries(selection ?? {}).map(([flag, name]) => `--${flag} ${name}`).join(' ')
  if (part) return { verdict: 'not-run', reason: `only part of the page ran: ${part}` }
  if (!run.blocks.some(({ status, kind }) => status === 'ok' && kind !== 'cleanup')) {
    return { verdict: 'not-run', reason: 'no block of the page ran here' }
  }
  if (standIn !== undefined) return { verdict: 'stand-in', reason: `all of it held on ${standIn}, which is not what ${target.name} has otherwise` }
  return { verdict: 'verified' }
}

function reasonOf(facts: readonly string[], from: string): string {
  return `${facts.length} ${facts.length === 1 ? 'fact differs' : 'facts differ'} ${from}: ${facts[0]}`
}

/** Blocks that were not reached belong to the result too, so that a page shows them as not run. */
function tellNotRun(run: Run): void {
  const phases: Partial<Record<BlockResult['kind'], BlockResult['phase']>> = {
    precheck: 'precheck', rollback: 'rollback', cleanup: 'cleanup',
  }
  for (const block of run.walk.context.plan) {
    if (run.blocks.some(({ kind, name }) => kind === block.kind && name === block.name)) continue
    const phase = phases[block.kind] ?? 'steps'
    const reason = run.walk.context.left(block) ?? (block.kind === 'rollback' ? 'there was nothing to undo' : 'the run ended before it')
    run.emit({ event: 'end', block: notRun(block, phase, { status: 'not-run', reason }) })
  }
}
