/** One block on its hosts: sent, tried until it holds, judged, told. */
import type { BlockResult } from '../report/result.ts'
import type { Host, Outcome } from '../target/target.ts'
import { captured, captureMismatch, missingCapture } from './capture.ts'
import { clip, tail } from './clip.ts'
import type { Context } from './context.ts'
import { BlockFailed, InfrastructureError, Interrupted, JournalFailed } from './errors.ts'
import type { Phase } from './events.ts'
import { hostsFor } from './hosts.ts'
import { judge, type Mismatch } from './judge.ts'
import { walkable, type Planned } from './plan.ts'
import { poll, type Polled } from './poll.ts'
import { bytesOf, send } from './send.ts'
import { LONGEST_SERVICE } from './service.ts'

/**
 * Runs a block on each of its hosts, in turn or at once, and resolves when all ended as the page says.
 * @throws BlockFailed on the first host where it did not
 * @throws InfrastructureError when a host could not be reached
 * @throws Interrupted when the signal came
 */
export async function execute(
  context: Context, block: Planned, phase: Phase, hosts: readonly Host[] = hostsFor(context.target, block),
): Promise<void> {
  const turn: Turn = {}
  if (!block.parallel && !context.service) {
    for (const host of hosts) await onHost(context, block, host, phase, turn)
    return
  }
  const ends = await Promise.allSettled(hosts.map(host => onHost(context, block, host, phase, turn)))
  const errors = ends.flatMap(end => end.status === 'rejected' ? [end.reason as unknown] : [])
  // A verdict on the page counts only when nothing else went wrong.
  const worst = errors.find(error => !(error instanceof BlockFailed)) ?? errors[0]
  if (worst !== undefined) throw worst
}

/** What the hosts of one block share: what one of them printed for later blocks, all must. */
interface Turn {
  captured?: string
}

/** In the environment of all that a run starts: how a later process finds out whether a block still runs. */
export const MARK = 'PROOFBOOK_PROCESS'

/** What a failure says of its moment when the same block has held before. */
const WHEN: Partial<Record<Phase, string>> = { 'second-pass': ', in the second pass', 'after-rollback': ', again after the rollbacks' }

interface Try {
  readonly outcome: Outcome
  readonly mismatch: Mismatch | undefined
}

async function onHost(context: Context, block: Planned, host: Host, phase: Phase, turn: Turn): Promise<void> {
  const { emit, signal, service } = context
  if (signal.aborted) throw new Interrupted()
  const { kind, name, line, background } = block
  emit({ event: 'start', kind, name, host: host.name, line, phase, background })
  const mark = context.mark()
  // Before anything changes it must be certain that a later process knows of it.
  if (kind !== 'check' && kind !== 'precheck') await context.synced()
  const startedAt = new Date()
  const started = performance.now()

  let attempts = 0
  // Output that cannot be written down ends the block: it comes in an event of its own, where nobody catches an error.
  const unwritable = new AbortController()
  const ending = AbortSignal.any([signal, unwritable.signal, ...service ? [service.signal] : []])
  const onOutput = (chunk: string): void => {
    if (unwritable.signal.aborted) return
    service?.hear(host, chunk)
    try {
      emit({ event: 'output', name, host: host.name, chunk })
    } catch (error) {
      unwritable.abort(error)
    }
  }
  const once = async (limit: number): Promise<Try> => {
    attempts++
    const outcome = await send(host, block, context.values, {
      timeout: service ? LONGEST_SERVICE : Math.min(block.timeout, limit),
      signal: ending,
      onOutput,
      ...mark === undefined ? {} : { env: { [MARK]: mark } },
    })
    unwritable.signal.throwIfAborted()
    if (signal.aborted) throw new Interrupted()
    if (outcome.transportError) throw new InfrastructureError(`${host.name}, ${kind} ${name}: ${outcome.transportError}`)
    const judged = (): Mismatch | undefined => judge(block, outcome, context.values)
      ?? (block.capture && captureMismatch(block.capture, outcome, turn.captured))
    const mismatch = service ? service.judge(host, judged) : judged()
    if (block.capture && !mismatch) turn.captured = captured(outcome)
    if (block.polling) {
      emit({ event: 'attempt', name, host: host.name, attempt: attempts, exit: outcome.exit, ...mismatch && { why: mismatch.message } })
    }
    return { outcome, mismatch }
  }

  const end = (rest: Pick<BlockResult, 'status'> & Partial<BlockResult>): void => {
    const bytes = bytesOf(block, context.values)
    emit({
      event: 'end',
      block: {
        kind, name, host: host.name, line, phase,
        attempts,
        startedAt: startedAt.toISOString(),
        durationMs: Math.round(performance.now() - started),
        transcript: '',
        ...bytes === block.text ? {} : { sent: bytes },
        ...rest,
      },
    })
  }

  let tried: Polled<Try>
  try {
    const missing = missingCapture(block, context.plan, context.values)
    if (missing) {
      end({ status: 'failed', reason: missing.message })
      throw new BlockFailed({ host: host.name, kind, name, line, ...missing, tail: '', ...hint(context, block) })
    }
    tried = await tryBlock(block, once, signal)
  } catch (error) {
    if (error instanceof JournalFailed || error instanceof BlockFailed) throw error
    end({ status: 'not-run', reason: error instanceof Interrupted ? 'interrupted' : (error as Error).message })
    throw error
  }
  const { outcome, mismatch } = tried.last
  const ran = { exit: outcome.exit, transcript: clip(outcome.output) }
  if (tried.held) {
    if (!block.capture) return end({ status: 'ok', ...ran })
    const value = captured(outcome)
    context.know(block.capture.name, value)
    return end({ status: 'ok', ...ran, captured: { name: block.capture.name, value } })
  }

  const failure = {
    host: host.name, kind, name, line,
    ...mismatch ?? lostStability(block),
    tail: tail(outcome.output),
    ...hint(context, block),
  }
  end({ status: 'failed', reason: failure.message, ...ran })
  const tries = block.polling ? `, after ${attempts} tries` : ''
  throw new BlockFailed({ ...failure, message: `${failure.message}${tries}${WHEN[phase] ?? ''}` })
}

async function tryBlock(block: Planned, once: (limit: number) => Promise<Try>, signal: AbortSignal): Promise<Polled<Try>> {
  const holds = ({ mismatch }: Try): boolean => mismatch === undefined
  if (block.polling) return poll(block.polling, once, holds, signal, ({ outcome }) => outcome.timedOut)
  const last = await once(block.timeout)
  return { last, attempts: 1, held: holds(last) }
}

/** The last try held, and yet not as often in a row as asked. */
function lostStability(block: Planned): Mismatch {
  return {
    message: 'held, but not long enough in a row',
    received: 'success on the last try',
    expected: `${block.polling?.stable} successes in a row within the time of eventually=`,
  }
}

function hint(context: Context, block: Planned): { hint?: string } {
  const missing = context.plan
    .filter(other => walkable(other) && block.needs.includes(other.name) && context.left(other) !== undefined)
    .map(({ name }) => name)
  return missing.length === 0 ? {} : { hint: `it needs ${missing.join(', ')}, which this run left out` }
}
