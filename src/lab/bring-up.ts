/** How a lab is made: a list of actions that share a context, from nothing to a lab that works. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Progress } from '../report/progress.ts'
import type { ImageRecord } from '../target/target.ts'
import { createCluster, kubeconfigFor } from './cluster/kind.ts'
import { kindConfig } from './cluster/kind-config.ts'
import type { Kubectl } from './cluster/kubectl.ts'
import { makeAuthorities, pkiFolder } from './cluster/pki.ts'
import { localKubeProxy, untaint } from './cluster/settle.ts'
import { LabError } from './errors.ts'
import { APP_CA, clusterProblems, etcdProblems, foundationProblems, trafficProblems } from './health.ts'
import { exec, inspect, put } from './hosts/docker.ts'
import { machineIsUp, startMachine } from './hosts/machine.ts'
import { openSsh, sshInventory } from './hosts/ssh.ts'
import { recordInventory, takeInventory } from './inventory/inventory.ts'
import { networkName } from './names.ts'
import { createNetwork } from './network/docker-network.ts'
import { closeEgress, proveClosed } from './network/egress.ts'
import { plug, startLan } from './network/lan.ts'
import { writePowerCommand } from './power-command.ts'
import { writeRecord, RECORD_SCHEMA } from './state.ts'
import { machines, servers, type Topology } from './topology/topology.ts'
import { makeCertificate, type AppCertificate } from './workloads/certificate.ts'
import { applyWorkloads, loadImages } from './workloads/workloads.ts'

/** The part of the image supply's answer that a lab is made from. */
export interface LabParts {
  /** Docker names. */
  readonly node: string
  readonly host: string
  /** Paths of programs. */
  readonly kind: string
  readonly kubectl: string
  readonly vegeta: string
  /** `v1.36.4`. */
  readonly kubernetes: string
  readonly cni: string
  /** Images of workloads, by the name under which manifests ask for them; an archive where nodes do not have it yet. */
  readonly workloads: {
    readonly traefik: string
    readonly echo: string
    readonly archives: readonly string[]
  }
  readonly records: readonly ImageRecord[]
}

export interface Making {
  readonly name: string
  readonly topology: Topology
  readonly folder: string
  readonly parts: LabParts
  readonly progress: Progress
  readonly signal: AbortSignal
  readonly container: (host: string) => string
  readonly kubectl: Kubectl
  /** Of app.lan; there when the client is. */
  tls?: AppCertificate
}

/** Milliseconds between two questions to a cluster that is busy starting. */
const POLL = 1_000

type Action = (making: Making) => Promise<void>

/** Milliseconds from the cluster's creation until all of it must work. */
const READY = 240_000

export const bringUpActions: readonly Action[] = [
  networks,
  clusterAndHosts,
  workloads,
  ready,
  record,
]

async function networks({ name, topology, parts, folder, progress }: Making): Promise<void> {
  await progress.stage('make the LAN and a closed network', async () => {
    await startLan(name, parts.host, folder)
    await createNetwork(name, topology, parts.host)
    await closeEgress(name, parts.host)
  })
}

/** The cluster takes most of the time and most of the machine; the other hosts start beside it. */
async function clusterAndHosts(making: Making): Promise<void> {
  const { progress } = making
  const [cluster, hosts] = await Promise.allSettled([
    progress.stage('create the cluster: three control planes', update => createServers(making, update)),
    progress.stage('start the hosts lb and client', () => startMachines(making)),
  ])
  // Both end before a failure is told: what still runs could make something after the lab was removed.
  if (cluster.status === 'rejected') throw cluster.reason
  if (hosts.status === 'rejected') throw hosts.reason
  making.tls = hosts.value
}

async function createServers(making: Making, update: (detail: string) => void): Promise<void> {
  const { name, topology, folder, parts, container, kubectl, signal } = making
  const hosts = servers(topology)
  await makeAuthorities(name, folder, parts.node, parts.kubernetes, hosts.map(host => host.name))
  signal.throwIfAborted()
  let proxies: Promise<void> | undefined
  const created = createCluster({
    lab: name, folder, kind: parts.kind, image: parts.node, signal,
    onStep: (step) => {
      update(step)
      if (step.startsWith('Joining')) proxies ??= quietly(localKubeProxy(kubectl))
    },
    config: kindConfig({
      name: networkName(name),
      pki: hosts.map(host => pkiFolder(folder, host.name)),
      certSANs: hosts.map(host => host.address),
    }),
  })
  await created.finally(() => Promise.allSettled([proxies]))
  await (proxies ?? localKubeProxy(kubectl))
  await Promise.all([
    untaint(kubectl),
    ...hosts.map(host => plug(name, topology, host, container(host.name))),
  ])
}

/** Its failure is looked at later, when it is awaited. */
function quietly<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined)
  return work
}

async function startMachines({ name, topology, folder, parts, container, signal }: Making): Promise<AppCertificate> {
  const hosts = machines(topology)
  await Promise.all(hosts.map(async (host) => {
    const tools = host.roles.includes('workstation')
      ? { '/usr/local/bin/kubectl': parts.kubectl, '/usr/local/bin/vegeta': parts.vegeta }
      : {}
    await startMachine({ lab: name, topology, host, container: container(host.name), image: parts.host, mounts: tools })
    await machineIsUp(container(host.name), signal)
  }))
  await openSsh(folder, hosts.map(({ name: host, address }) => ({ name: host, address, container: container(host) })), container('client'))
  const tls = await makeCertificate(container('client'))
  await trust(container('client'), tls.authority)
  return tls
}

async function workloads(making: Making): Promise<void> {
  const { name, topology, folder, parts, container, kubectl, signal, progress, tls } = making
  const hosts = servers(topology)
  if (tls === undefined) throw new Error('workloads come after the hosts')
  await put(container('client'), '/root/.kube/config', await kubeconfigFor(folder, hosts[0]?.address ?? ''), '0600')
  await progress.stage('wait for the network of every server', update => Promise.all([
    loadImages(name, parts.kind, parts.workloads.archives, signal),
    waiter(making, update)(() => foundationProblems(kubectl, hosts.length)),
  ]))
  // Not earlier: a pod that comes before its node's network fails, and is tried again only 10 to 20 s later.
  await applyWorkloads(kubectl, parts.workloads, tls)
}

/** The client trusts the application's authority as a reader's machine trusts a public one: no --cacert in a runbook. */
async function trust(client: string, authority: string): Promise<void> {
  await put(client, APP_CA, authority, '0644')
  await exec(client, ['sh', '-ec', `cp ${APP_CA} /usr/local/share/ca-certificates/proofbook-lab.crt; update-ca-certificates`])
}

/** Waits until it works as its users will see it, and proves that it is closed. */
async function ready(making: Making): Promise<void> {
  const { name, topology, parts, container, kubectl, progress } = making
  const hosts = servers(topology)
  const first = container(hosts[0]?.name ?? '')
  await progress.stage('wait until every server answers', async (update) => {
    const until = waiter(making, update)
    await Promise.all([
      until(() => clusterProblems(kubectl, hosts.length)),
      proveClosed(name, parts.host, first),
    ])
    await Promise.all([
      until(() => etcdProblems(first, hosts.length)),
      until(() => trafficProblems(container('client'), topology)),
    ])
  })
}

/** Asks until there is no problem left. @throws LabError with the problems when time is up */
function waiter({ name, signal }: Making, update: (detail: string) => void) {
  const deadline = Date.now() + READY
  return async (check: () => Promise<string[]>): Promise<void> => {
    for (;;) {
      signal.throwIfAborted()
      const problems = await check()
      if (problems.length === 0) return
      if (Date.now() > deadline) throw new LabError(`lab ${name} does not work ${READY / 1000} s after its start:\n  ${problems.join('\n  ')}`)
      update(problems[0] ?? '')
      await wait(POLL, undefined, { signal })
    }
  }
}

async function record({ name, topology, folder, parts, container, kubectl }: Making): Promise<void> {
  const dockerAddresses = Object.fromEntries(await Promise.all(servers(topology).map(async (host) => {
    const state = await inspect(container(host.name))
    return [host.name, state?.addresses[networkName(name)]?.current ?? ''] as const
  })))
  await mkdir(join(folder, 'bin'), { recursive: true })
  await writePowerCommand(folder)
  await sshInventory(folder, name, machines(topology))
  await recordInventory(folder, await takeInventory(topology, container, kubectl))
  await writeRecord(folder, {
    schema: RECORD_SCHEMA,
    name,
    topology: topology.name,
    cni: parts.cni,
    createdAt: new Date().toISOString(),
    images: { node: parts.node, host: parts.host, records: parts.records },
    programs: { kind: parts.kind, kubectl: parts.kubectl },
    kubernetes: parts.kubernetes,
    dockerAddresses,
  })
}
