/** What `verify` and `matrix` read alike, so that a shard of the one is a shard of the other. */
import { ciliumRelease } from '../lab/images/cilium/release.ts'
import { haproxyReleases } from '../lab/images/haproxy.ts'
import { MAX_AGENTS } from '../lab/topology/plan.ts'
import { BadInput } from '../runbook/errors.ts'
import { cniNames } from '../lab/cni/cni.ts'
import { parseList, type Axes } from '../matrix/cells.ts'
import { recordedCosts } from '../matrix/durations.ts'
import type { Costs } from '../matrix/deal.ts'
import { readResults } from '../report/store.ts'
import { labTargets } from '../target/lab.ts'
import type { Chosen } from './chosen.ts'
import { project } from './project.ts'

export interface AxesFlags {
  readonly on: string
  readonly cni?: string
  readonly ciliumVersion?: string
  readonly haproxyVersion?: string
  readonly agents?: string
}

/** @throws BadInput, ImageError for a name or a release that labs do not know */
export function axesOf(flags: AxesFlags, { named }: Pick<Chosen, 'named'>): Axes {
  return {
    targets: parseList('--on', flags.on, labTargets),
    cnis: flags.cni === undefined ? undefined : parseList('--cni', flags.cni, cniNames.filter(name => name !== 'none')),
    ciliums: flags.ciliumVersion?.split(',').map(text => minor(ciliumRelease(text.trim()))),
    haproxies: flags.haproxyVersion === undefined ? undefined : parseList('--haproxy-version', flags.haproxyVersion, haproxyReleases),
    agents: flags.agents === undefined ? undefined : agentsOf(flags.agents),
    named,
  }
}

/** Pages name two agents of their topology. */
function agentsOf(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 2 && count <= MAX_AGENTS) return count
  throw new BadInput(`received --agents ${text}, expected 2 to ${MAX_AGENTS}`)
}

/** Only what is committed: another machine with this commit works out the same shards. */
export const committedCosts = async (): Promise<Costs> => recordedCosts(await readResults([project().recorded]))

/** `v1.20.1` is `1.20`, as pages write it. */
const minor = (release: string): string => release.slice(1, release.lastIndexOf('.'))
