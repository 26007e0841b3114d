/**
 * The story of a lab: up, found again, powered, asked how it is, down. What each part does is in the folder of its name.
 */
import type { Inventory } from '../target/target.ts'
import type { Progress } from '../report/progress.ts'
import { bringUpActions, type LabParts, type Making } from './bring-up.ts'
import { kubectlFor, kubectlIn, noKubectl, type Kubectl } from './cluster/kubectl.ts'
import type { Backend, BackendName } from './cluster/backend.ts'
import { backendNamed } from './cluster/backends.ts'
import type { CniName } from './cni/cni.ts'
import { cniNamed } from './cni/cnis.ts'
import { LabError } from './errors.ts'
import { clockWatch, faultOf, whyNotMade } from './fault.ts'
import { clusterProblems, joinedProblems, powerProblems, trafficProblems } from './health.ts'
import { inspect } from './hosts/docker.ts'
import { power, type PowerAction } from './hosts/power.ts'
import { takeInventory } from './inventory/inventory.ts'
import { objectsOf } from './inventory/objects.ts'
import { markFolder } from './marker.ts'
import { checkName, FOLDER_LABEL, lanContainer, machineContainer } from './names.ts'
import { wallProblems } from './network/egress.ts'
import { removeLab, refuseWhileMade } from './remove.ts'
import { labFolder, readRecord, type LabRecord } from './state.ts'
import type { Reset } from './reset/reset.ts'
import { hasCluster, hostNamed, nodes, servers, type HostPlan, type Topology } from './topology/topology.ts'

export interface LabSpec {
  readonly name: string
  readonly target: BackendName
  readonly topology: Topology
  /** `any` when the runbook does not care: what the node image brings. */
  readonly cni: CniName | 'any'
  /** `1.19.7`, or a minor `1.19`: nodes hold its images whatever their network is. The pinned default with Cilium when not given. */
  readonly ciliumVersion?: string
  /** Minor of the HAProxy that hosts offer to install, `3.2`; the default one when not given. */
  readonly haproxyVersion?: string
  /** Packets of nodes may leave this machine. When not given it does not matter, and a new lab is closed. */
  readonly egress?: boolean
}

export interface HostStatus {
  readonly name: string
  readonly address: string
  readonly roles: readonly string[]
  readonly container: string
  readonly state: 'on' | 'off' | 'gone'
}

export interface LabStatus {
  readonly name: string
  readonly folder: string
  readonly createdAt: string
  readonly target: string
  readonly topology: string
  readonly cni: string
  readonly kubernetes: string
  /** Whether packets of nodes may leave this machine. */
  readonly egress: 'closed' | 'open'
  readonly hosts: readonly HostStatus[]
  readonly problems: readonly string[]
}

/** A lab that was made whole once. */
export interface Lab {
  readonly name: string
  readonly folder: string
  readonly record: LabRecord
  readonly topology: Topology
  /** Name of the container of that host. @throws LabError for an unknown host */
  container(host: string): string
  /** The administrator's kubeconfig in the first server. */
  readonly adminConfig: string
  /** kubectl of this machine, on this lab's cluster. */
  readonly kubectl: Kubectl
  /**
   * `cut` as pulling the plug, `off` orderly, `on`. Resolves when the host's container is in that state, with its
   * NIC; whether its services are back is for the caller to ask. Nothing happens where it is in that state already.
   * @throws LabError when the host is unknown or does not obey
   */
  power(action: PowerAction, host: string): Promise<void>
  /** What is wrong with it; empty when it works as a user sees it. */
  healthy(): Promise<string[]>
  status(): Promise<LabStatus>
  /** State of all hosts and of the cluster as facts. */
  inventory(): Promise<Inventory>
  /** Puts back what differs from the state in which it was made. */
  reset(signal: AbortSignal): Promise<Reset>
  down(): Promise<void>
}

export interface BringUpOptions {
  readonly signal: AbortSignal
  /** Leave what was made when something fails. */
  readonly keep?: boolean
}

/**
 * Makes a lab from nothing and resolves when it works. What is left of an earlier one of that name is removed first.
 * @throws LabError; whatever was made is gone then, unless `keep`
 */
export async function bringUp(spec: LabSpec, progress: Progress, { signal, keep = false }: BringUpOptions): Promise<Lab> {
  checkName(spec.name)
  if (spec.cni !== 'any') cniNamed(spec.cni)
  await refuseWhileMade(spec.name)
  // Not loaded by what only looks at a lab.
  const { ensureImages } = await import('./images/ensure.ts')
  const supplied = ensureImages(progress, {
    signal,
    target: spec.target,
    ...spec.cni === 'any' ? {} : { cni: spec.cni },
    ...spec.ciliumVersion === undefined ? {} : { ciliumVersion: spec.ciliumVersion },
    ...spec.haproxyVersion === undefined ? {} : { haproxyVersion: spec.haproxyVersion },
  })
  const parts = await supplied.catch(async (error: unknown) => {
    signal.throwIfAborted()
    throw await faultOf(error) ?? error
  })
  return make(spec, parts, progress, { signal, keep })
}

/** Makes a lab of these parts; see bringUp. */
export async function make(
  spec: LabSpec, parts: LabParts, progress: Progress, { signal, keep = false }: BringUpOptions,
): Promise<Lab> {
  const name = checkName(spec.name)
  const { topology } = spec
  const backend = backendNamed(spec.target)
  const cni = cniNamed(!hasCluster(topology) ? 'none' : spec.cni === 'any' ? parts.cni : spec.cni)
  const folder = labFolder(name)
  const container = containerOf(name, topology, backend)
  const [first] = servers(topology)
  const making: Making = {
    name, topology, backend, cni, folder, parts, progress, signal, container, egress: spec.egress === true,
    ...parts.ciliumVersion === undefined ? {} : { ciliumVersion: parts.ciliumVersion },
    kubectl: first === undefined ? noKubectl : kubectlIn(container(first.name), backend.adminConfig),
  }
  const moved = clockWatch()
  await removeLab(name, folder)
  try {
    await markFolder(folder, name)
    for (const action of bringUpActions(topology)) {
      signal.throwIfAborted()
      await action(making)
    }
    const lab = await find(name)
    if (lab === undefined) throw new LabError(`lab ${name} was made and cannot be found again in ${folder}`)
    return lab
  } catch (error) {
    if (keep) await markFolder(folder, name, { kept: true })
    else await removeHalf(name, folder, progress)
    // A wait that was cut short throws its own words.
    signal.throwIfAborted()
    throw await whyNotMade(name, error, moved())
  }
}

/** What cannot be removed now, since Docker is gone for one, is no reason to be silent about what went wrong first. */
async function removeHalf(name: string, folder: string, progress: Progress): Promise<void> {
  try {
    await progress.stage(`remove what was made of lab ${name}`, () => removeLab(name, folder, { settle: true }))
  } catch {
    progress.note(`what was made of lab ${name} could not be removed; the next lab up does it, or: proofbook lab down --lab ${name}`)
  }
}

/** The lab of that name, whoever made it and wherever; undefined when there is none or it was never whole. */
export async function find(name: string): Promise<Lab | undefined> {
  const lan = await inspect(lanContainer(checkName(name)))
  const folder = lan?.labels[FOLDER_LABEL]
  return folder === undefined ? undefined : open(folder)
}

/** Removes all of a lab, also of one that was made by half or whose folder is lost. */
export async function down(name: string): Promise<void> {
  await removeLab(checkName(name), labFolder(name))
}

/** The lab in that folder. */
export async function open(folder: string): Promise<Lab | undefined> {
  const record = await readRecord(folder)
  if (record === undefined) return undefined
  const { name, topology } = record
  const backend = backendNamed(record.target)
  const cni = cniNamed(record.cni)
  const kubectl = hasCluster(topology) ? kubectlFor(record.programs.kubectl, folder) : noKubectl
  const container = containerOf(name, topology, backend)
  const count = nodes(topology).length
  const containers = Object.fromEntries(topology.hosts.map(host => [host.name, container(host.name)]))

  const healthy = async (): Promise<string[]> => {
    const off = await powerProblems({ lan: lanContainer(name), ...containers })
    if (off.length > 0) return off
    if (!hasCluster(topology)) return trafficProblems(container('client'), topology)
    const problems = await Promise.all([
      cni.network
        ? clusterProblems(kubectl, { nodes: count, foundation: backend.foundation, ingress: topology.ingress })
        : joinedProblems(kubectl, count),
      cni.problems(kubectl, count),
      trafficProblems(container('client'), topology),
      record.egress === 'open' ? [] : wallProblems(name, record.images.host),
    ])
    return problems.flat()
  }

  const lab: Lab = {
    name, folder, record, topology, kubectl, container, healthy, adminConfig: backend.adminConfig,
    power: (action, host) => power(action, {
      lab: name, topology, host: planned(topology, host), container: container(host), dockerAddress: record.dockerAddresses[host],
    }),
    async status() {
      const [hosts, problems] = await Promise.all([
        Promise.all(topology.hosts.map(async ({ name: host, address, roles }): Promise<HostStatus> => {
          const state = await inspect(container(host))
          return { name: host, address, roles, container: container(host), state: state === undefined ? 'gone' : state.running ? 'on' : 'off' }
        })),
        healthy(),
      ])
      const { createdAt, target, kubernetes } = record
      return { name, folder, createdAt, target, topology: topology.name, cni: cni.name, kubernetes, egress: record.egress ?? 'closed', hosts, problems }
    },
    inventory: () => takeInventory(topology, container, objectsOf(topology, kubectl)),
    async reset(signal) {
      // Not loaded by what only looks at a lab.
      const { reset } = await import('./reset/reset.ts')
      return reset(lab, signal)
    },
    down: () => removeLab(name, folder),
  }
  return lab
}

function planned(topology: Topology, name: string): HostPlan {
  const plan = hostNamed(topology, name)
  if (plan) return plan
  throw new LabError(`received host "${name}", expected one of: ${topology.hosts.map(host => host.name).join(', ')}`)
}

/** Names the container of a host. @throws LabError for a host that is not in the topology */
const containerOf = (lab: string, topology: Topology, backend: Backend) => (name: string): string => {
  const host = planned(topology, name)
  return host.kind === 'machine' ? machineContainer(lab, host.name) : backend.containerName(lab, topology, host)
}
