/** Shows a run as it goes, from its events: a live line for what runs, one line that stays for what ended. */
import { duration } from '../report/duration.ts'
import type { Traffic } from '../report/traffic.ts'
import type { RunEvent } from '../run/events.ts'
import type { Planned } from '../run/plan.ts'
import type { BlockResult } from '../report/result.ts'
import { paint } from './paint.ts'
import type { Live, Screen } from './progress.ts'
import { StepOutput } from './step-output.ts'

export interface RunViewOptions {
  /** Show what steps print, line by line. */
  readonly output: boolean
}

/** A listener for the events of one run. */
export function runView(screen: Screen, plan: readonly Planned[], { output }: RunViewOptions): (event: RunEvent) => void {
  const steps = plan.filter(({ kind }) => kind === 'step')
  const width = Math.max(...plan.map(block => titleOf(block).length), 20)
  const hostWidth = Math.max(...plan.map(({ on }) => on.length), 6)
  const live = new Map<string, Live>()
  const outputs = new Map<string, StepOutput>()

  const lineOf = (block: BlockResult): string => {
    const step = block.kind === 'step' ? steps.findIndex(({ name }) => name === block.name) + 1 : 0
    const number = (step > 0 ? String(step) : '').padStart(3)
    const again = block.phase === 'after-rollback' || block.phase === 'second-pass' ? ', again' : ''
    const took = block.status === 'ok' || block.status === 'failed' ? duration(block.durationMs).padStart(9) : ''
    const tries = block.attempts > 1 ? `  ${block.attempts} tries` : ''
    const reason = block.status === 'ok' || block.status === 'failed' ? '' : `  ${block.reason}`
    return `${number} ${word(block.status)} ${(titleOf(block) + again).padEnd(width)}  ${block.host.padEnd(hostWidth)}${took}${tries}${reason}`
      .trimEnd()
  }

  return event => {
    switch (event.event) {
      case 'start': {
        const title = `${titleOf(event)} on ${event.host}${event.background ? ' (in the background)' : ''}`
        live.set(key(event), screen.live(`    ${title}`))
        break
      }
      case 'attempt': {
        const why = event.why ? `: ${event.why}` : ''
        for (const [name, line] of live) if (name.endsWith(` ${event.name} ${event.host}`)) line.update(`try ${event.attempt}${why}`)
        break
      }
      case 'output': {
        const id = `${event.name} ${event.host}`
        if (!output || !live.has(`step ${id}`)) break
        let shown = outputs.get(id)
        if (!shown) {
          const of = plan.some(({ name, parallel }) => name === event.name && parallel) ? `${event.host}: ` : ''
          outputs.set(id, shown = new StepOutput(line => screen.print(paint('dim', `      ${of}${line}`))))
        }
        shown.push(event.chunk)
        break
      }
      case 'end': {
        const { block } = event
        const line = quietly(block) ? undefined : lineOf(block)
        const id = `${block.name} ${block.host}`
        outputs.get(id)?.end()
        outputs.delete(id)
        const shown = live.get(key(block))
        live.delete(key(block))
        if (shown) shown.end(line)
        else if (line !== undefined) screen.print(line)
        break
      }
      case 'leftover':
        screen.print(`    step ${event.name} of before still runs on ${event.host} (process ${event.pids.join(', ')}): waiting for its end`)
        break
      case 'settled':
        screen.print(`    step ${event.name} on ${event.host} ${event.as === 'done' ? 'is done' : 'is not done'}: by ${event.by}`)
        break
      case 'inventory':
        if (event.different) screen.print(clean(event.when === 'after' ? 'before' : 'before the second pass', event.facts, event.different))
        break
      case 'traffic':
        screen.print(`    ${event.measured ? `traffic  ${lossText(event.measured)}` : paint('dim', `traffic  ${event.flows.join(', ')}: measured from here on`)}`)
        break
      default:
    }
  }
}

/** `http from client lost 0 of 5210; dns from a1 was down for 31 s`: those that lost something, and how many did not. */
function lossText({ flows }: Traffic): string {
  const down = flows.map(({ flow, from, there, back }) => ({ flow, from, ms: there.downtimeMs + (back?.downtimeMs ?? 0) }))
  const lost = down.filter(({ ms }) => ms > 0).map(({ flow, from, ms }) => `${flow} from ${from} was down for ${duration(ms)}`)
  const kept = flows.length - lost.length
  return [...kept > 0 ? [`${kept} of ${flows.length} flows lost nothing`] : [], ...lost].join('; ')
}

/** Where a block counts as one of many that were not reached, a line each would bury the failure. */
function quietly({ status, reason, kind }: BlockResult): boolean {
  return status === 'not-run' && (kind === 'rollback' || kind === 'cleanup' || reason === 'the run ended before it'
    || reason === 'interrupted' || reason?.startsWith('--') === true)
}

function titleOf({ kind, name }: { kind: BlockResult['kind'], name: string }): string {
  if (kind === 'step') return name
  return `${kind === 'rollback' ? 'undo' : kind} ${name}`
}

const key = ({ kind, name, host }: { kind: string, name: string, host: string }): string => `${kind} ${name} ${host}`

function word(status: BlockResult['status']): string {
  switch (status) {
    case 'ok': return paint('green', 'ok  ')
    case 'failed': return paint('red', 'FAIL')
    case 'skipped': return paint('dim', 'skip')
    case 'not-run': return paint('dim', '-   ')
  }
}

function clean(before: string, facts: number, different: readonly string[]): string {
  if (different.length === 0) return `    ${paint('green', 'ok  ')} inventory equals the one of ${before} (${facts} facts)`
  return [`    ${paint('red', 'FAIL')} inventory differs from the one of ${before}:`, ...different.map(fact => `           ${fact}`)].join('\n')
}
