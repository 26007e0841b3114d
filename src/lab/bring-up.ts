/** How a lab is made: a list of actions that share a context, from nothing to a lab that works. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Progress } from '../report/progress.ts'
import type { ImageRecord } from '../target/target.ts'
import { earlyAnew, withoutPause } from './cluster/anew.ts'
import type { Backend } from './cluster/backend.ts'
import { contextOf, kubeconfigFor } from './cluster/kind.ts'
import type { Kubectl } from './cluster/kubectl.ts'
import type { Cni } from './cni/cni.ts'
import { LabError } from './errors.ts'
import { APP_CA, clusterProblems, foundationProblems, joinedProblems, trafficProblems, type Expected } from './health.ts'
import { exec, inspect, put } from './hosts/docker.ts'
import { machineIsUp, startMachine, toolsOf } from './hosts/machine.ts'
import { openSsh, sshInventory } from './hosts/ssh.ts'
import { recordInventory, takeInventory } from './inventory/inventory.ts'
import { objectsOf } from './inventory/objects.ts'
import { networkName } from './names.ts'
import { recordBaseline } from './reset/baseline.ts'
import { createNetwork } from './network/docker-network.ts'
import { closeEgress, proveClosed } from './network/egress.ts'
import { startLan } from './network/lan.ts'
import { writeOwnCommand, writePowerCommand } from './power-command.ts'
import { writeRecord, RECORD_SCHEMA } from './state.ts'
import { countNodes, hasCluster, machines, nodes, servers, type Topology } from './topology/topology.ts'
import { makeCertificate, type AppCertificate } from './workloads/certificate.ts'
import { applyWorkloads } from './workloads/workloads.ts'

/** The part of the image supply's answer that a lab is made from. */
export interface LabParts {
  /** Docker names. */
  readonly node: string
  readonly host: string
  /** Folder with archives of images that nodes must have from the start; where the node image does not carry them. */
  readonly nodeImages?: string
  /** Paths of programs; k3d is there when it makes the cluster. */
  readonly kind: string
  readonly k3d?: string
  readonly kubectl: string
  readonly vegeta: string
  readonly etcdutl?: string
  /** `v1.36.4`. */
  readonly kubernetes: string
  /** What the node image installs where kind is not told otherwise. */
  readonly cni: string
  /** Images of workloads, by the name under which manifests ask for them; an archive where nodes do not have it yet. */
  readonly workloads: {
    readonly traefik: string
    readonly echo: string
    readonly archives: readonly string[]
  }
  readonly records: readonly ImageRecord[]
  /** Where Cilium or its images were asked for: `1.19.7`, the paths of the program and of Flux's definitions, and the folders of charts. */
  readonly ciliumVersion?: string
  /** Minor of the HAProxy that hosts offer. */
  readonly haproxyVersion?: string
  readonly helm?: string
  readonly fluxDefinitions?: string
  readonly ciliumChart?: string
  readonly furtherCharts?: Readonly<Record<string, string>>
}

export interface Making {
  readonly name: string
  readonly topology: Topology
  readonly backend: Backend
  readonly cni: Cni
  readonly ciliumVersion?: string
  /** Packets of nodes may leave this machine. */
  readonly egress: boolean
  readonly folder: string
  readonly parts: LabParts
  readonly progress: Progress
  readonly signal: AbortSignal
  readonly container: (host: string) => string
  /** The administrator's, in the first server: there before anything else is. */
  readonly kubectl: Kubectl
  /** Of app.lan; there when the client is. */
  tls?: AppCertificate
}

/** Milliseconds between two questions to a cluster that is busy starting. */
const POLL = 1_000

type Action = (making: Making) => Promise<void>

/** Milliseconds that one kubectl watches before it is asked again and again: only then is told what is missing. */
const WATCHED = 20_000

/** Milliseconds from the cluster's creation until all of it must work. */
const READY = 240_000

const withCluster: readonly Action[] = [
  networks,
  clusterAndHosts,
  network,
  workloads,
  ready,
  record,
]

/** Machines have no network but the LAN, which leads nowhere: there is nothing to close. */
const withoutCluster: readonly Action[] = [
  lan,
  hosts,
  record,
]

export const bringUpActions = (topology: Topology): readonly Action[] => hasCluster(topology) ? withCluster : withoutCluster

async function networks({ name, topology, parts, folder, progress, egress }: Making): Promise<void> {
  if (egress) progress.note(`lab ${name} is open: packets of its nodes may leave this machine`)
  await progress.stage(`make the LAN and ${egress ? 'an open' : 'a closed'} network`, async () => {
    await startLan(name, parts.host, folder)
    await createNetwork(name, topology, parts.host, folder)
    if (!egress) await closeEgress(name, parts.host)
  })
}

async function lan({ name, parts, folder, progress }: Making): Promise<void> {
  await progress.stage('make the LAN', () => startLan(name, parts.host, folder))
}

async function hosts(making: Making): Promise<void> {
  making.tls = await making.progress.stage(startOf(making), () => startMachines(making))
}

const startOf = ({ topology }: Making): string => `start the hosts ${machines(topology).map(({ name }) => name).join(' and ')}`

/** The cluster takes most of the time and most of the machine; the other hosts start where it waits for its first server. */
async function clusterAndHosts(making: Making): Promise<void> {
  const { progress, topology, backend } = making
  const time = Promise.withResolvers<void>()
  const [cluster, started] = await Promise.allSettled([
    progress.stage(`create the cluster: ${countNodes(topology)}`, update => backend.create(making, update, time.resolve))
      .then(time.resolve, (error: unknown) => { time.reject(error); throw error }),
    time.promise.then(() => progress.stage(startOf(making), () => startMachines(making))),
  ])
  // Both end before a failure is told: what still runs could make something after the lab was removed.
  if (cluster.status === 'rejected') throw cluster.reason
  if (started.status === 'rejected') throw started.reason
  making.tls = started.value
}

async function startMachines({ name, topology, folder, parts, container, signal }: Making): Promise<AppCertificate> {
  const hosts = machines(topology)
  await Promise.all(hosts.map(async (host) => {
    await startMachine({ lab: name, topology, host, container: container(host.name), image: parts.host, mounts: toolsOf(host, parts) })
    await machineIsUp(container(host.name), signal)
  }))
  await openSsh(folder, hosts.map(({ name: host, address }) => ({ name: host, address, container: container(host) })), container('client'))
  const tls = await makeCertificate(container('client'))
  await trust(container('client'), tls.authority)
  return tls
}

/** The network that was asked for, where the node image did not bring it. */
async function network(making: Making): Promise<void> {
  const { cni, topology, folder, container, progress } = making
  await put(container('client'), '/root/.kube/config', await kubeconfigFor(folder, servers(topology)[0]?.address ?? ''), '0600')
  if (cni.byDefault || !cni.network) return
  await progress.stage(`install ${cni.name}`, update => cni.install(making, update))
}

async function workloads(making: Making): Promise<void> {
  const { topology, parts, kubectl, progress, tls, cni, backend } = making
  if (!cni.network) return
  if (tls === undefined) throw new Error('workloads come after the hosts')
  await progress.stage('wait for the network of every node', async (update) => {
    const until = waiter(making, update)
    await Promise.all([
      backend.loadImages(making, parts.workloads.archives),
      watched(kubectl, ['--for=condition=Ready', 'nodes', '--all']).then(() => Promise.all([
        until(() => foundationProblems(kubectl, expected(making))),
        until(withoutPause(kubectl, () => cni.problems(kubectl, nodes(topology).length))),
      ])),
    ])
  })
  await earlyAnew(kubectl)
  // Not earlier: a pod that comes before its node's network fails, and is tried again only 10 to 20 s later.
  if (topology.ingress) await applyWorkloads(kubectl, parts.workloads, tls, nodes(topology).length)
}

const expected = ({ topology, backend }: Making): Expected =>
  ({ nodes: nodes(topology).length, foundation: backend.foundation, ingress: topology.ingress })

/** The client trusts the application's authority as a reader's machine trusts a public one: no --cacert in a runbook. */
async function trust(client: string, authority: string): Promise<void> {
  await put(client, APP_CA, authority, '0644')
  await exec(client, ['sh', '-ec', `cp ${APP_CA} /usr/local/share/ca-certificates/proofbook-lab.crt; update-ca-certificates`])
}

/** Waits until it works as its users will see it, and proves that it is closed. */
async function ready(making: Making): Promise<void> {
  const { name, topology, parts, container, kubectl, progress, cni, backend, egress } = making
  const first = container(servers(topology)[0]?.name ?? '')
  await progress.stage('wait until every server answers', async (update) => {
    const until = waiter(making, update)
    const working = cni.network
      ? watched(kubectl, ['--for=condition=Available', 'deployments', '--all', '--all-namespaces']).then(() => until(() => clusterProblems(kubectl, expected(making))))
      : until(() => joinedProblems(kubectl, nodes(topology).length))
    await Promise.all([
      working,
      egress ? undefined : proveClosed(name, parts.host, first),
    ])
    await Promise.all([
      until(() => backend.stateProblems(first, servers(topology).length)),
      until(() => backend.nodeProblems(Object.fromEntries(nodes(topology).map(host => [host.name, container(host.name)])))),
      until(() => trafficProblems(container('client'), topology)),
    ])
  })
}

/**
 * Waits for what is the longest part of it by one kubectl: to ask again and again takes the processor from what is waited
 * for (0.4 s of it each time). Says nothing: whether all is well is asked afterwards.
 */
async function watched(kubectl: Kubectl, what: readonly string[]): Promise<void> {
  await kubectl(['wait', ...what, `--timeout=${WATCHED / 1000}s`]).catch(() => undefined)
}

/** Asks until there is no problem left. @throws LabError with the problems when time is up */
function waiter({ name, signal }: Making, update: (detail: string) => void) {
  const deadline = performance.now() + READY
  return async (check: () => Promise<string[]>): Promise<void> => {
    for (;;) {
      signal.throwIfAborted()
      const problems = await check()
      if (problems.length === 0) return
      if (performance.now() > deadline) throw new LabError(`lab ${name} does not work ${READY / 1000} s after its start:\n  ${problems.join('\n  ')}`)
      update(problems[0] ?? '')
      await wait(POLL, undefined, { signal })
    }
  }
}

async function record({ name, topology, folder, parts, container, kubectl, cni, backend, ciliumVersion, egress }: Making): Promise<void> {
  const dockerAddresses = Object.fromEntries(await Promise.all(nodes(topology).map(async (host) => {
    const state = await inspect(container(host.name))
    return [host.name, state?.addresses[networkName(name)]?.current ?? ''] as const
  })))
  await mkdir(join(folder, 'bin'), { recursive: true })
  await writePowerCommand(folder)
  await writeOwnCommand(folder)
  await sshInventory(folder, hasCluster(topology) ? await contextOf(folder) : undefined, machines(topology))
  // Once for both: it is the API server's heaviest question.
  const objects = objectsOf(topology, kubectl)
  const [inventory] = await Promise.all([
    takeInventory(topology, container, objects),
    recordBaseline(folder, topology, container, objects),
  ])
  await recordInventory(folder, inventory)
  await writeRecord(folder, {
    schema: RECORD_SCHEMA,
    name,
    target: backend.name,
    topology,
    cni: cni.name,
    ...ciliumVersion === undefined ? {} : { ciliumVersion },
    ...parts.haproxyVersion === undefined ? {} : { haproxyVersion: parts.haproxyVersion },
    ...egress ? { egress: 'open' as const } : {},
    createdAt: new Date().toISOString(),
    images: { node: parts.node, host: parts.host, records: hasCluster(topology) ? parts.records : parts.records.filter(({ name: image }) => parts.host.startsWith(image)) },
    programs: {
      kind: parts.kind, ...parts.k3d === undefined ? {} : { k3d: parts.k3d }, kubectl: parts.kubectl, vegeta: parts.vegeta,
      ...parts.etcdutl === undefined ? {} : { etcdutl: parts.etcdutl },
      ...parts.helm === undefined ? {} : { helm: parts.helm }, ...parts.fluxDefinitions === undefined ? {} : { fluxDefinitions: parts.fluxDefinitions },
      ...parts.ciliumChart === undefined ? {} : { ciliumChart: parts.ciliumChart },
      ...parts.furtherCharts === undefined ? {} : { furtherCharts: parts.furtherCharts },
    },
    kubernetes: hasCluster(topology) ? parts.kubernetes : 'none',
    dockerAddresses,
  })
}
