/** A page's steps that were left out in turn: how many of them something missed, as the page is now. */
import { readLeftOut, type LeftOut } from '../../report/left-out.ts'
import type { Runbook } from '../../runbook/model.ts'
import { linesOf } from './line-files.ts'
import { newestOf } from './newest.ts'

export interface LeftOutSteps {
  readonly tried: number
  readonly caught: number
  /** Steps without which everything held, in the order in which they were first tried. */
  readonly survived: readonly string[]
}

export const allLeftOut = (): Promise<LeftOut[]> => linesOf('left-out.jsonl', 'PROOFBOOK_LEFT_OUT', readLeftOut)

/** The newest word on each step counts. */
export function leftOutOf(runbook: Pick<Runbook, 'id' | 'sha256'>, lines: readonly LeftOut[]): LeftOutSteps {
  const newest = [...newestOf(runbook, lines).values()]
  const survived = newest.filter(({ caughtBy }) => caughtBy === undefined).map(({ step }) => step)
  return { tried: newest.length, caught: newest.length - survived.length, survived }
}
