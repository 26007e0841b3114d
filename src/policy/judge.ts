/** What three measurements of a flow say together. Pure. */
import type { Expectation, Flow, Outcome } from './flow.ts'
import type { Answer } from './script.ts'

export interface Cell {
  readonly flow: Flow
  /** Without the policies, with them, and without them again. */
  readonly before: Answer
  readonly during: Answer
  readonly after: Answer
  readonly outcome: Outcome
  /** null: could not be asked here. */
  readonly ok: boolean | null
  /** Why not; empty when ok. */
  readonly why: string
}

/** Refused where without the policies the server answered: that is the policy's doing. */
const meaning = ({ outcome }: Answer): Outcome => outcome === 'refused' ? 'reject' : outcome

export function meets(expect: Expectation, outcome: Outcome): boolean {
  switch (expect) {
    case 'allow': return outcome === 'allow'
    case 'drop': return outcome === 'drop'
    case 'reject': return outcome === 'reject' || outcome === 'no-route'
    case 'dns': return outcome === 'dns'
    case 'deny': return outcome === 'drop' || outcome === 'reject' || outcome === 'no-route'
  }
}

/** Whether what was measured under the policies is what was expected. */
export const holds = ({ expect }: Flow, during: Answer): boolean => meets(expect, meaning(during))

/** A denial counts only between two measurements in which the same flow was allowed. */
export function judge(flow: Flow, before: Answer, during: Answer, after: Answer): Cell {
  const cell = { flow, before, during, after }
  const told = ({ outcome, detail }: Answer): string => detail === '' ? outcome : `${outcome} (${detail})`
  if (before.outcome === 'unsupported') return { ...cell, outcome: 'unsupported', ok: null, why: before.detail }
  if (before.outcome !== 'allow') {
    return { ...cell, outcome: before.outcome, ok: false, why: `${told(before)} even without the policies, so that nothing could be proven` }
  }
  const outcome = meaning(during)
  if (!meets(flow.expect, outcome)) return { ...cell, outcome, ok: false, why: `received ${told({ ...during, outcome })}, expected ${flow.expect}: ${flow.why}` }
  if (after.outcome !== 'allow') return { ...cell, outcome, ok: false, why: `${told(after)} after the policies were removed: something else broke meanwhile` }
  return { ...cell, outcome, ok: true, why: '' }
}

export interface Summary {
  readonly cells: number
  readonly held: number
  readonly differ: number
  readonly unasked: number
  /** Whether any policy did anything; undefined when nothing was expected to stop. */
  readonly enforced: boolean | undefined
}

export function summaryOf(cells: readonly Cell[]): Summary {
  const denials = cells.filter(({ flow, before }) => flow.expect !== 'allow' && before.outcome === 'allow')
  return {
    cells: cells.length,
    held: cells.filter(({ ok }) => ok === true).length,
    differ: cells.filter(({ ok }) => ok === false).length,
    unasked: cells.filter(({ ok }) => ok === null).length,
    enforced: denials.length === 0 ? undefined : denials.some(({ outcome }) => outcome !== 'allow'),
  }
}
