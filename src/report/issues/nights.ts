/** What one night says of each runbook, as far as somebody must be told. Pure. */
import type { Result } from '../result.ts'
import { isVerdict } from '../stand-in.ts'

/**
 * `failed`: it did not hold somewhere. `held`: it held wherever it ran. `open`: neither, so nobody is told anything: the
 * lab broke, it held only at a second try, or it ran on a stand-in only.
 */
export type Outcome = 'failed' | 'held' | 'open'

export interface Night {
  readonly runbook: string
  readonly outcome: Outcome
  /** Every result that failed, by target and CNI. */
  readonly failed: readonly Result[]
  readonly results: readonly Result[]
}

/** One for each runbook, by id. */
export function nightsOf(results: readonly Result[]): Night[] {
  const byRunbook = Object.groupBy(results, ({ runbook }) => runbook)
  return Object.entries(byRunbook).toSorted(([a], [b]) => a < b ? -1 : 1).map(([runbook, own = []]) => {
    const sorted = own.toSorted((a, b) => where(a) < where(b) ? -1 : 1)
    const failed = sorted.filter((result) => isVerdict(result) && result.verdict === 'failed')
    return { runbook, failed, results: sorted, outcome: failed.length > 0 ? 'failed' : held(sorted) ? 'held' : 'open' }
  })
}

/** What did not run says nothing; what broke or held late might have failed. */
function held(results: readonly Result[]): boolean {
  const told = results.filter(({ verdict, standIn }) => verdict !== 'not-run' && standIn === undefined)
  return told.length > 0 && told.every(({ verdict }) => verdict === 'verified')
}

/** `kind, flannel` */
export const where = ({ target, cni }: Pick<Result, 'target' | 'cni'>): string => cni === 'any' || cni === 'none' ? target : `${target}, ${cni}`

/** The newest result that was verified in the same place. */
export function lastGood(before: readonly Result[], failed: Result): Result | undefined {
  return before
    .filter((result) => result.runbook === failed.runbook && where(result) === where(failed) && isVerdict(result) && result.verdict === 'verified')
    .filter(({ finishedAt }) => finishedAt < failed.startedAt)
    .toSorted((a, b) => a.finishedAt < b.finishedAt ? 1 : -1)[0]
}

/** Tells one way to fail from another, whatever was printed. */
export const failureKey = ({ failed }: Night): string =>
  failed.map((result) => `${where(result)}: ${result.failure === undefined ? result.verdict : `${result.failure.kind} ${result.failure.name} on ${result.failure.host}`}`).join('; ')
