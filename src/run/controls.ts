/**
 * Negative controls: a check that cannot fail proves nothing. Each check is asked once before the first step, when
 * what it looks for is not there yet. One that fails then can fail; one that holds is told, for a mutant or a drill to show.
 */
import type { Control } from '../report/result.ts'
import { missingCapture } from './capture.ts'
import { InfrastructureError, Interrupted } from './errors.ts'
import { excused } from './excused.ts'
import { hostsFor } from './hosts.ts'
import { judge } from './judge.ts'
import type { Walk } from './phases.ts'
import type { Planned } from './plan.ts'
import { send } from './send.ts'

/** Milliseconds for one answer; a check that is still waiting then has not held. */
const PATIENCE = 10_000

/** Checks below the first step, save those that run beside others or do not run here. */
function asked({ context }: Walk): Planned[] {
  const first = context.plan.findIndex(({ kind }) => kind === 'step')
  return first < 0 ? [] : context.plan.slice(first).filter(block =>
    block.kind === 'check' && !block.background && excused(context, block) === undefined)
}

/**
 * Asks hosts side by side, the checks of one host in turn. Nothing of it is in the journal: it says nothing about the page.
 * @throws InfrastructureError when a host could not be reached; Interrupted
 */
export async function runControls(walk: Walk): Promise<Control[]> {
  const { target, values, signal, plan } = walk.context
  const questions = asked(walk).flatMap(block => hostsFor(target, block).map(host => ({ block, host })))
  const answers = await Promise.all(Object.values(Object.groupBy(questions, ({ host }) => host.name)).map(async (ofHost = []) => {
    const controls: Control[] = []
    for (const { block, host } of ofHost) {
      if (signal.aborted) throw new Interrupted()
      // It looks at what an earlier block has printed: without that it cannot hold.
      if (missingCapture(block, plan, values) !== undefined) {
        controls.push({ check: block.name, host: host.name, line: block.line, failed: true })
        continue
      }
      const outcome = await send(host, block, values, { timeout: Math.min(block.timeout, PATIENCE), signal })
      if (signal.aborted) throw new Interrupted()
      if (outcome.transportError) throw new InfrastructureError(`${host.name}, control of check ${block.name}: ${outcome.transportError}`)
      controls.push({ check: block.name, host: host.name, line: block.line, failed: judge(block, outcome, values) !== undefined })
    }
    return controls
  }))
  return answers.flat().toSorted((a, b) => a.line - b.line || (a.host < b.host ? -1 : 1))
}
