/** Which hosts a role means, for a plan of what each of them is sent. */
import { topologyNamed } from '../lab/topology/topologies.ts'
import { BadInput } from '../runbook/errors.ts'
import { didYouMean } from '../runbook/suggest.ts'
import type { Planned } from '../run/plan.ts'
import type { Roles } from './plan-text.ts'

/** Hosts of each role of a lab of that topology. */
export function rolesOf(topology: string): Roles {
  const { hosts } = topologyNamed(topology)
  const roles: Record<string, string[]> = {}
  for (const { name, roles: own } of hosts) for (const role of own) (roles[role] ??= []).push(name)
  return roles
}

/**
 * Blocks that a host is sent, by its name or by a role.
 * @throws BadInput when no block of the page is for such a host
 */
export function sentTo(plan: readonly Planned[], host: string, roles: Roles): Planned[] {
  const sent = plan.filter(({ on }) => on === host || roles[on]?.includes(host))
  if (sent.length > 0) return sent
  const known = [...new Set(plan.flatMap(({ on }) => [on, ...roles[on] ?? []]))]
  throw new BadInput(`received --host ${host}, expected a host of this page: ${known.join(', ')}${didYouMean(host, known)}`)
}
