import { LabError } from '../errors.ts'
import { loadBalancer } from './load-balancer.ts'
import type { Topology } from './topology.ts'

/** Every topology that a lab can have; add a new one here and its hosts to `src/runbook/topologies.ts`. */
export const topologies: readonly Topology[] = [loadBalancer]

/** @throws LabError when there is none of that name */
export function topologyNamed(name: string): Topology {
  const found = topologies.find(topology => topology.name === name)
  if (found) return found
  throw new LabError(`received topology "${name}", expected one of: ${topologies.map(t => t.name).join(', ')}`)
}
