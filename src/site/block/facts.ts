/** What a block's header says of it, in words. */
import { formatDuration } from '../../runbook/duration.ts'
import { DEFAULT_TIMEOUT } from '../../runbook/grammar.ts'
import type { Block, BlockKind, Polling, Ready } from '../../runbook/model.ts'

export const kindWord: Readonly<Record<BlockKind, string>> = {
  precheck: 'Before',
  step: 'Step',
  check: 'Check',
  drill: 'Drill',
  rollback: 'Undo',
  cleanup: 'Cleanup',
  skip: 'Not run',
}

export const kindMeaning: Readonly<Record<BlockKind, string>> = {
  precheck: 'Must hold before the runbook starts',
  step: 'Changes something',
  check: 'Only looks; changes nothing',
  drill: 'Causes a fault on purpose; runs in a lab only, never on your machines',
  rollback: 'Undoes a step',
  cleanup: 'Runs at the end in a lab',
  skip: 'Shown, never run',
}

/** `tried for up to 60 s, until it holds 3 times in a row` */
export function pollingInWords({ eventually, stable }: Polling): string {
  const time = `tried for up to ${spaced(eventually)}`
  return stable > 1 ? `${time}, until it holds ${stable} times in a row` : `${time}, until it holds`
}

/** `5 min` for 300000, without rounding. */
function spaced(milliseconds: number): string {
  return withSpace(formatDuration(milliseconds))
}

/** `5m` as people write it: `5 min`. */
export const withSpace = (duration: string): string => duration.replace(/(\d)m$/, '$1 min').replace(/(\d)(ms|s|h|d)$/, '$1 $2')

function readinessInWords({ type, value }: Ready): string {
  const sign = { port: `something listens on port ${value}`, file: `${value} is there`, output: `it has printed \u201C${value}\u201D` }[type]
  return `the page goes on when ${sign}`
}

/** The facts that differ from the usual, in the order of reading: what it does, where, how long, what must come out. */
export function factsOf(block: Block): string[] {
  const { action, condition, polling, timeout, exit, ready, capture } = block
  return [
    action.type === 'file' ? `writes ${action.path}${action.mode === undefined ? '' : `, mode ${action.mode}`}${action.owner === undefined ? '' : `, owner ${action.owner}`}` : '',
    action.type === 'apply' ? (action.serverDryRun ? 'kubectl apply, as a trial on the server' : 'kubectl apply') : '',
    condition === undefined ? '' : `only where ${condition.fact} is ${condition.value}`,
    block.parallel ? 'on all hosts at once' : '',
    block.background ? 'runs in the background' : '',
    ready === undefined ? '' : readinessInWords(ready),
    capture === undefined ? '' : `what it prints is {{${capture.name}}} below (${capture.type})`,
    polling === undefined ? '' : pollingInWords(polling),
    polling === undefined && timeout !== DEFAULT_TIMEOUT ? `ended after ${spaced(timeout)} at the latest` : '',
    exit === 'fail' ? 'must fail' : exit === 0 ? '' : `must end with exit code ${exit}`,
    block.noRollback === undefined ? '' : `no undo: ${block.noRollback}`,
    block.skipReason === undefined ? '' : block.skipReason,
  ].filter(fact => fact !== '')
}

/** What a reader must know before the command and not after it. */
export function warningOf({ destructive, once }: Pick<Block, 'destructive' | 'once'>): string | undefined {
  if (destructive) return `This destroys data: no undo brings it back.${once ? ' It must not run twice.' : ''}`
  return once ? 'This must not run twice.' : undefined
}
