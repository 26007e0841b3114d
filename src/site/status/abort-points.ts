/** A page's steps after which it was stopped in turn: from how many of them all went back to what was before, as the page is now. */
import { readAborts, type AbortLine } from '../../report/abort-points.ts'
import type { Runbook } from '../../runbook/model.ts'
import { linesOf } from './line-files.ts'
import { newestOf } from './newest.ts'

export interface AbortPoints {
  readonly steps: number
  readonly tried: number
  readonly held: number
  /** Steps after which one cannot go back, in page order, with what did not hold. */
  readonly failed: readonly { readonly step: string, readonly reason: string }[]
  /** When the newest of them was tried. */
  readonly provenAt?: string
}

export const allAborts = (): Promise<AbortLine[]> => linesOf('abort-points.jsonl', 'PROOFBOOK_ABORT_POINTS', readAborts)

/** The newest word on each step counts. */
export function abortPointsOf(runbook: Pick<Runbook, 'id' | 'sha256'> & { readonly blocks: readonly Pick<Runbook['blocks'][number], 'kind' | 'name'>[] }, lines: readonly AbortLine[]): AbortPoints {
  const newest = newestOf(runbook, lines)
  const steps = runbook.blocks.filter(({ kind }) => kind === 'step')
  const tried = steps.flatMap(({ name }) => newest.get(name) ?? [])
  const failed = tried.flatMap(({ step, failed: reason }) => reason === undefined ? [] : [{ step, reason }])
  const provenAt = tried.map(({ finishedAt }) => finishedAt).sort().at(-1)
  return { steps: steps.length, tried: tried.length, held: tried.length - failed.length, failed, ...provenAt === undefined ? {} : { provenAt } }
}

/** `back from 8 of 9 steps at which it was stopped` */
export const abortNote = ({ held, tried }: AbortPoints): string => `back from ${held} of ${tried} ${tried === 1 ? 'step' : 'steps'} after which it was stopped`
