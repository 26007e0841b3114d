/** Topologies from a few numbers: every host has the same address in each of them. */
import { LabError } from '../errors.ts'
import { machines, servers, type HostPlan, type Topology } from './topology.ts'

export const machineNames = ['lb', 'lb2', 'client', 'outside'] as const
export type MachineName = typeof machineNames[number]

/** Where the machines are on the LAN, and what they are to a runbook. */
const MACHINES: Readonly<Record<MachineName, Pick<HostPlan, 'address' | 'roles'>>> = {
  lb: { address: '192.168.0.46', roles: ['load-balancers'] },
  lb2: { address: '192.168.0.47', roles: ['load-balancers'] },
  client: { address: '192.168.0.100', roles: ['workstation'] },
  outside: { address: '192.168.0.200', roles: [] },
}

/** As many as 192.168.0.61 to .69 have room for. */
export const MAX_AGENTS = 9

export interface TopologySize {
  readonly name: string
  /** 1 or 3: etcd of two members is weaker than of one. 0 for machines without a cluster. */
  readonly servers: number
  /** 0 to 9. */
  readonly agents: number
  readonly machines: readonly string[]
  readonly ingress: boolean
}

/**
 * The hosts of that size. `client` is always one of them, since commands need a workstation.
 * @throws LabError naming what is out of range
 */
export function topologyOf({ name, servers, agents, machines, ingress }: TopologySize): Topology {
  if (![0, 1, 3].includes(servers)) throw new LabError(`received ${servers} servers, expected 1 or 3, or 0 for no cluster: an etcd of two loses its quorum with either of them`)
  if (!Number.isInteger(agents) || agents < 0 || agents > MAX_AGENTS) throw new LabError(`received ${agents} agents, expected 0 to ${MAX_AGENTS}`)
  if (servers === 0 && agents > 0) throw new LabError(`received ${agents} agents and no server that they could join`)
  const unknown = machines.find(machine => !Object.hasOwn(MACHINES, machine))
  if (unknown !== undefined) throw new LabError(`received host "${unknown}", expected some of: ${machineNames.join(', ')}`)
  return {
    name,
    ingress,
    lan: { prefix: 24, nic: 'enp1s0', gateway: '192.168.0.1' },
    hosts: [
      ...machineNames.filter(machine => machine === 'client' || machines.includes(machine))
        .map((machine): HostPlan => ({ name: machine, kind: 'machine', ...MACHINES[machine] })),
      ...numbered(servers, number => ({ name: `s${number}`, kind: 'server', address: `192.168.0.${50 + number}`, roles: ['servers', 'nodes'] })),
      ...numbered(agents, number => ({ name: `a${number}`, kind: 'agent', address: `192.168.0.${60 + number}`, roles: ['agents', 'nodes'] })),
    ],
  }
}

/** The same with another number of agents. @throws LabError when it is out of range */
export function withAgents(topology: Topology, count: number): Topology {
  const { name, ingress } = topology
  return topologyOf({ name, servers: servers(topology).length, agents: count, machines: machines(topology).map(host => host.name), ingress })
}

const numbered = (count: number, plan: (number: number) => HostPlan): HostPlan[] =>
  Array.from({ length: count }, (_, index) => plan(index + 1))
