import { LabError } from '../errors.ts'
import { topologyOf } from './plan.ts'
import type { Topology } from './topology.ts'

const bare = topologyOf({ name: 'no-cluster', servers: 0, agents: 0, machines: ['lb', 'lb2'], ingress: false })

/** Two hosts to become load balancers, and a server that is a plain machine: for pages that no cluster can prove better. */
const noCluster: Topology = {
  ...bare,
  hosts: [...bare.hosts, { name: 's1', kind: 'machine', address: '192.168.0.51', roles: ['servers'] }],
}

/** Every topology that a runbook can name; add a new one here and its hosts to `src/runbook/topologies.ts`. */
export const topologies: readonly Topology[] = [
  /** Three servers, a host to become their load balancer, and a client that is the reader's workstation as well. */
  topologyOf({ name: 'load-balancer', servers: 3, agents: 0, machines: ['lb'], ingress: true }),
  /** The same with a second load balancer to take over. */
  topologyOf({ name: 'two-load-balancers', servers: 3, agents: 0, machines: ['lb', 'lb2'], ingress: true }),
  /** What most small clusters are: one server, two agents. */
  topologyOf({ name: 'cluster', servers: 1, agents: 2, machines: [], ingress: false }),
  /** The same with a host beside the cluster, which a policy must tell from its pods. */
  topologyOf({ name: 'cluster-and-outside', servers: 1, agents: 2, machines: ['outside'], ingress: false }),
  noCluster,
]

/** @throws LabError when there is none of that name */
export function topologyNamed(name: string): Topology {
  const found = topologies.find(topology => topology.name === name)
  if (found) return found
  throw new LabError(`received topology "${name}", expected one of: ${topologies.map(t => t.name).join(', ')}`)
}
