import { BadInput } from '../runbook/errors.ts'
import type { Host, Target } from '../target/target.ts'
import type { Planned } from './plan.ts'

/**
 * The host of that name, else each host with that role, in the order of the target.
 * @throws BadInput when there is none.
 */
export function hostsFor(target: Target, block: Pick<Planned, 'on' | 'line' | 'name'>): readonly Host[] {
  const named = target.hosts.find(host => host.name === block.on)
  if (named) return [named]
  const withRole = target.hosts.filter(host => host.roles.includes(block.on))
  if (withRole.length > 0) return withRole
  const known = target.hosts.flatMap(host => [host.name, ...host.roles])
  throw new BadInput(
    `${block.name} (line ${block.line}): received on=${block.on}, expected a host or role of ${target.name}: `
    + [...new Set(known)].join(', '))
}
