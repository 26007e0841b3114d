/** The lab that the options of `lab up` ask for. */
import { backendNamed } from '../lab/cluster/backends.ts'
import { cniNamed } from '../lab/cni/cnis.ts'
import { haproxyRelease } from '../lab/images/haproxy.ts'
import type { LabSpec } from '../lab/lab.ts'
import { topologyOf } from '../lab/topology/plan.ts'
import { topologyNamed } from '../lab/topology/topologies.ts'
import { agents as agentsOf, machines, servers as serversOf, type Topology } from '../lab/topology/topology.ts'

export interface UpFlags {
  readonly lab: string
  readonly json?: boolean
  readonly target: string
  readonly topology: string
  readonly cni: string
  readonly ciliumVersion?: string
  readonly haproxyVersion?: string
  readonly servers?: string
  readonly agents?: string
  readonly hosts?: string
  readonly yes?: boolean
  readonly egress?: boolean
}

/** @throws LabError naming what cannot be */
export function specOf(flags: UpFlags): LabSpec {
  const { lab: name, target, cni, ciliumVersion, haproxyVersion } = flags
  return {
    name,
    target: backendNamed(target).name,
    cni: cni === 'any' ? cni : cniNamed(cni).name,
    ...ciliumVersion === undefined ? {} : { ciliumVersion },
    ...haproxyVersion === undefined ? {} : { haproxyVersion: haproxyRelease(haproxyVersion) },
    topology: topologyFrom(flags),
    egress: flags.egress === true,
  }
}

/** One that a runbook can name, or that with other hosts. */
function topologyFrom({ topology, servers, agents, hosts }: UpFlags): Topology {
  const preset = topologyNamed(topology)
  if (servers === undefined && agents === undefined && hosts === undefined) return preset
  return topologyOf({
    name: 'custom',
    servers: servers === undefined ? serversOf(preset).length : Number(servers),
    agents: agents === undefined ? agentsOf(preset).length : Number(agents),
    machines: hosts?.split(',') ?? machines(preset).map(machine => machine.name),
    ingress: preset.ingress,
  })
}
