/** An ephemeral kind lab as a target: containers on this machine, taken down when nobody needs them. */
import { diagnose } from '../lab/diagnostics.ts'
import { differences, recordedInventory } from '../lab/inventory/inventory.ts'
import { holds } from '../lab/images/cilium/release.ts'
import { haproxyRelease } from '../lab/images/haproxy.ts'
import { CommandFailed } from '../lab/images/run.ts'
import type { Lab, LabSpec } from '../lab/lab.ts'
import { refusal } from '../lab/reset/refusal.ts'
import { countNodes, hasCluster, machines, type Topology } from '../lab/topology/topology.ts'
import type { Flow } from '../runbook/traffic.ts'
import { labMachine } from './kind/machine.ts'
import { readVersions } from './kind/versions.ts'
import type { Host, Target } from './target.ts'
import { dockerTransport } from './transport/docker.ts'
import { remoteHost } from './transport/host.ts'

/** Starts nothing and asks nothing: the lab is up. */
export async function kindTarget(lab: Lab): Promise<Target> {
  const { kubernetes, images } = lab.record
  return fromLab(lab, { distro: 'kubeadm', what: `Kubernetes ${kubernetes} (${supplyOf(images.records, images.node)})` })
}

interface Distribution {
  readonly distro: 'kubeadm' | 'k3s'
  /** What runs, for people. */
  readonly what: string
  readonly facts?: Readonly<Record<string, string>>
}

/** What targets of every kind of lab have in common. A lab without a cluster is of no distribution. */
export function fromLab(lab: Lab, { distro, what, facts = {} }: Distribution): Target {
  const { topology, record } = lab
  const hosts = topology.hosts.map(({ name, roles, address }): Host =>
    remoteHost(dockerTransport(lab.container(name)), { name, roles, address }))
  const machineNames = machines(topology).map(({ name }) => name)
  const held = record.cni !== 'cilium' && record.ciliumVersion !== undefined ? ` with the images of Cilium ${record.ciliumVersion}` : ''
  const cluster = hasCluster(topology) ? [what, `${record.cni}${held}`, countNodes(topology)] : ['no cluster']
  return {
    name: record.target,
    lab: true,
    hosts: [...hosts, labMachine(lab)],
    facts: { target: record.target, distro: hasCluster(topology) ? distro : 'none', cni: record.cni, topology: topology.name, ...facts },
    values: {
      ...Object.fromEntries(topology.hosts.map(({ name, address }) => [name, address])),
      nic: topology.lan.nic,
    },
    summary: [record.target, ...cluster, ...machineNames, ...record.egress === 'open' ? ['egress open'] : []].join(', '),
    ...record.egress === undefined ? {} : { egress: record.egress },
    images: record.images.records,
    versions: () => readVersions(lab),
    inventory: () => lab.inventory(),
    ...hasCluster(topology) ? { measure: async (flows: readonly Flow[], signal: AbortSignal) => (await import('../lab/traffic.ts')).measure(lab, flows, signal) } : {},
    diagnose: folder => diagnose(lab, folder),
  }
}

/** Whether a lab is as it was when it was made: everything on, everything answering, nothing added or taken away. */
export async function reusable(lab: Lab): Promise<boolean> {
  return (await whyNotReusable(lab)).length === 0
}

/**
 * What keeps a lab from being used again; empty when nothing does.
 * @param spec when given: what is wanted, which another lab of that name may not be
 */
export async function whyNotReusable(lab: Lab, spec?: LabSpec): Promise<string[]> {
  const other = spec === undefined ? [] : whyOther(lab, spec)
  if (other.length > 0) return other
  const before = await recordedInventory(lab.folder)
  if (before === undefined) return ['its state after bring-up was not recorded']
  const problems = await lab.healthy()
  if (problems.length > 0) return problems
  try {
    return differences(before, await lab.inventory())
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    return [refusal(lab, error)]
  }
}

/** In what a lab differs from the one that is wanted. */
export function whyOther({ record: { target, topology, cni, ciliumVersion, haproxyVersion, egress } }: Lab, spec: LabSpec): string[] {
  const differ = (what: string, has: string, wanted: string): string[] => has === wanted ? [] : [`it has ${what} ${has}, wanted is ${wanted}`]
  return [
    ...differ('target', target, spec.target),
    ...differ('topology', topology.name, spec.topology.name),
    ...differ('hosts', hostNames(topology), hostNames(spec.topology)),
    ...spec.cni === 'any' ? [] : differ('CNI', cni, spec.cni),
    ...spec.egress === undefined ? [] : differ('egress', egress ?? 'closed', spec.egress ? 'open' : 'closed'),
    ...spec.haproxyVersion === undefined ? [] : differ('hosts with HAProxy', haproxyRelease(haproxyVersion), haproxyRelease(spec.haproxyVersion)),
    ...spec.ciliumVersion === undefined || holds(ciliumVersion, spec.ciliumVersion)
      ? [] : [`it has Cilium ${ciliumVersion ?? 'not'}, wanted is ${spec.ciliumVersion}`],
  ]
}

const hostNames = ({ hosts }: Topology): string => hosts.map(({ name }) => name).join(', ')

function supplyOf(records: Target['images'], node: string): string {
  const supply = records.find(({ name }) => node.startsWith(name))?.supply
  return supply === 'built' ? 'our own build' : supply ?? 'of unknown supply'
}
