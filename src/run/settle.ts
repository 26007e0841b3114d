/** A step of an earlier process that may or may not have been done: what decides, in this order. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Host } from '../target/target.ts'
import { BlockFailed, InfrastructureError, Interrupted, Undecided } from './errors.ts'
import { excused } from './excused.ts'
import { execute, MARK } from './execute.ts'
import { hostsFor } from './hosts.ts'
import type { StepState } from './journal/standing.ts'
import type { Walk } from './phases.ts'
import { checksOf, type Planned } from './plan.ts'

export type Decision = 'done' | 'not-done'

/** A step whose standing is open. */
export interface Open {
  readonly step: Planned
  readonly host: string
  readonly state: Exclude<StepState, 'done'>
  /** Why nothing but the reader can tell, as a sentence. */
  readonly why: string
}

/** Asks the reader; undefined when there is nobody to ask, or no answer. */
export type Decide = (open: Open) => Promise<Decision | undefined>

/** What the reader said beforehand, by name of the step. */
export type Decided = ReadonlyMap<string, Decision>

export interface Deciding {
  readonly decided?: Decided
  readonly decide?: Decide
}

/** Milliseconds between two looks at what still runs, and for one look. */
const LOOK_EVERY = 500
const LOOK = 15_000

/**
 * Makes sure that every host of a step is known to have it done or not. What still runs is waited for; then its checks
 * decide, and where they cannot, the reader.
 * @throws Undecided when nobody can tell
 */
export async function settle(walk: Walk, step: Planned, deciding: Deciding): Promise<void> {
  const { context } = walk
  const hosts = hostsFor(context.target, step)
  for (const host of hosts) {
    const known = context.standing.step(step.name).get(host.name)
    if (known === undefined || known.state === 'done') continue
    if (known.state !== 'failed') await ended(walk, step, host, known.process)
    const told = (as: Decision, by: string): void => context.emit({ event: 'settled', name: step.name, host: host.name, as, by })

    const said = deciding.decided?.get(step.name)
    if (said !== undefined) {
      told(said, 'the reader')
      continue
    }
    // A step that failed did not end as the page says: a check that is weaker than the step must not hide that.
    const last = hosts.every(other => other === host || context.standing.isDone(step.name, other.name))
    const found = known.state === 'failed' ? undefined : last ? await askChecks(walk, step) : { why: 'its checks look at hosts that it had not reached' }
    if (found?.held !== undefined) {
      told('done', found.held)
      continue
    }
    const why = known.state === 'failed' ? 'what it did before it failed is not known' : found?.why ?? 'no check follows it'
    const decision = await deciding.decide?.({ step, host: host.name, state: known.state, why })
    if (context.signal.aborted) throw new Interrupted()
    if (decision === undefined) throw new Undecided(step.name, undecided(step, host.name, known.state, why))
    told(decision, 'the reader')
  }
}

export const STATE_WORDS: Readonly<Record<Open['state'], string>> = {
  failed: 'failed before',
  unknown: 'was in flight when the run ended: unknown whether it was done',
  undoing: 'was being undone when the run ended: unknown whether it is undone',
}

function undecided({ name }: Planned, host: string, state: Open['state'], why: string): string {
  return `step ${name} on ${host} ${STATE_WORDS[state]}, and ${why}`
}

/** Whether all checks of a step hold: which, or why they do not tell. */
async function askChecks(walk: Walk, step: Planned): Promise<{ held?: string, why?: string }> {
  const checks = checksOf(walk.context.plan, step).filter(block => !block.background && excused(walk.context, block) === undefined)
  if (checks.length === 0) return { why: 'no check follows it here' }
  for (const check of checks) {
    try {
      await execute(walk.context, check, 'steps')
    } catch (error) {
      if (!(error instanceof BlockFailed)) throw error
      return { why: `its check ${check.name} does not hold (${error.failure.message})` }
    }
  }
  return { held: `${checks.length === 1 ? 'check' : 'checks'} ${checks.map(({ name }) => name).join(', ')}` }
}

/**
 * Finds the shells of blocks by what is in their environment; daemons that a block left are none. A host without /proc
 * has nothing to show.
 */
const look = (mark: string): string => `for environ in $(grep -lzxF '${MARK}=${mark}' /proc/[0-9]*/environ 2>/dev/null || true); do
  process=\${environ%/environ}
  case $(tr '\\0' ' ' 2>/dev/null < "$process/cmdline" || true) in
    'bash -eo pipefail /dev/fd/3 '*) echo "\${process#/proc/}" ;;
  esac
done
`

/** A killed Proofbook leaves its step running: waits for its end, for as long as the step may take. */
async function ended({ context }: Walk, step: Planned, host: Host, process: number): Promise<void> {
  const mark = context.mark(process)
  if (mark === undefined) return
  const deadline = performance.now() + step.timeout
  for (let told = false; ; told = true) {
    const outcome = await host.bash(look(mark), { timeout: LOOK, signal: context.signal })
    if (context.signal.aborted) throw new Interrupted()
    if (outcome.transportError) throw new InfrastructureError(`${host.name}: ${outcome.transportError}`)
    const pids = outcome.stdout.split('\n').filter(Boolean).map(Number)
    if (pids.length === 0 || performance.now() > deadline) return
    if (!told) context.emit({ event: 'leftover', name: step.name, host: host.name, pids })
    await wait(LOOK_EVERY, undefined, { signal: context.signal }).catch(() => { throw new Interrupted() })
  }
}
