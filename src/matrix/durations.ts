/** How long cells took before: what shards are balanced by. */
import type { Result } from '../report/result.ts'
import { isVerdict } from '../report/stand-in.ts'
import { median } from '../report/trends.ts'
import type { Costs } from './deal.ts'

type Recorded = Pick<Result, 'runbook' | 'target' | 'durationMs' | 'verdict' | 'standIn'>

/** For a book of which nothing was recorded yet. */
const UNKNOWN_MS = 120_000

/**
 * Making, checking and removing a lab with its images there, in milliseconds, on two cores: machines alone, and three
 * servers with Flannel and Traefik (README, "Prove it yourself"). Smaller clusters count as that one; Cilium adds its start.
 */
const MACHINES_MS = 15_000
const CLUSTER_MS = 75_000
const CILIUM_MS = 45_000

/**
 * Of a page on a target the median of what is known; of a page on a target that it never ran on, the page's own of any
 * target; of a page that never ran, the median of all pages.
 */
export function recordedCosts(results: readonly Recorded[]): Costs {
  const verdicts = results.filter(isVerdict)
  const by = (key: (result: Recorded) => string) => new Map(Object.entries(Object.groupBy(verdicts, key))
    .map(([name, some]) => [name, median(some!.map(({ durationMs }) => durationMs))]))
  const [onTarget, ofPage] = [by(({ runbook, target }) => `${runbook} ${target}`), by(({ runbook }) => runbook)]
  const any = verdicts.length === 0 ? UNKNOWN_MS : median([...ofPage.values()])
  return {
    cell: ({ id, target }) => onTarget.get(`${id} ${target}`) ?? ofPage.get(id) ?? any,
    lab: ({ topology, cni }) => topology === 'no-cluster' ? MACHINES_MS : CLUSTER_MS + (cni === 'cilium' ? CILIUM_MS : 0),
  }
}
