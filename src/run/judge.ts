import { matchOutput } from '../runbook/output.ts'
import { fill } from '../runbook/placeholders.ts'
import type { Outcome } from '../target/target.ts'
import { duration } from '../report/duration.ts'
import type { Planned } from './plan.ts'

/** Why an outcome is not what the page says; completes a Failure. */
export interface Mismatch {
  readonly message: string
  readonly received: string
  readonly expected: string
}

/**
 * Compares what a block did with what the page says that it does; undefined when it agrees. Output is what a reader
 * sees on the terminal: standard output and error together.
 */
export function judge(block: Planned, outcome: Outcome, values: Readonly<Record<string, string>>): Mismatch | undefined {
  if (outcome.timedOut) {
    return {
      message: 'did not end in time',
      received: `still running after ${duration(outcome.durationMs)}`,
      expected: `an end within ${duration(block.timeout)} (timeout=)`,
    }
  }
  if (!exitAgrees(block.exit, outcome.exit)) {
    return {
      message: `exit ${outcome.exit}`,
      received: `exit ${outcome.exit}`,
      expected: block.exit === 'fail' ? 'a failure (expect=fail)' : `exit ${block.exit}`,
    }
  }
  if (!block.output) return undefined
  const expected = fill(block.output.text, values)
  const match = matchOutput(expected, outcome.output)
  if (match.ok) return undefined
  return {
    message: `other output than line ${block.output.position.line} of the page says`,
    received: `\n${match.diff}`,
    expected,
  }
}

function exitAgrees(expected: number | 'fail', exit: number): boolean {
  return expected === 'fail' ? exit !== 0 : exit === expected
}
