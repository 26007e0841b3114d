/** Runs k3d, and guards against what it does not tell: see k3d-failure.ts. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { LabError } from '../errors.ts'
import { containersWith, docker, exec } from '../hosts/docker.ts'
import { createVolume } from '../hosts/volumes.ts'
import { ask, CommandFailed, run } from '../images/run.ts'
import { clusterName, labelled } from '../names.ts'
import { NO_PROXIES } from '../proxy.ts'
import { ended, k3dErrors, messageOf, tellingLines, type NodeSeen } from './k3d-failure.ts'
import { kubeconfigPath } from './kind.ts'

/** On k3d's nodes, beside our own: with the cluster's name. */
export const K3D_LABEL = 'k3d.cluster'

/** One cluster, and what is needed to work on it. */
export interface K3dCluster {
  readonly lab: string
  /** Path of the k3d program. */
  readonly k3d: string
  /** Image in which `sleep` is a program: see helper(). */
  readonly helper: string
  readonly signal: AbortSignal
}

export interface CreateOptions extends K3dCluster {
  readonly folder: string
  readonly config: string
  /** What k3d says it is doing. */
  readonly onStep: (step: string) => void
}

/** k3d's names: at most 32 characters for the cluster (pkg/types/defaults.go). */
const LONGEST = 32

/** @throws LabError when k3d would refuse the cluster's name */
export function checkClusterName(lab: string): string {
  const name = clusterName(lab)
  if (name.length <= LONGEST) return name
  throw new LabError(`received lab name "${lab}", expected at most ${LONGEST - clusterName('').length} characters for a lab on k3d`)
}

/**
 * Creates the cluster and writes its kubeconfig into the folder; its nodes need not be Ready yet, and its agents may be
 * missing: count them. On failure nothing is removed here: that is for the lab.
 * @throws LabError with what the nodes printed
 */
export async function createCluster(options: CreateOptions): Promise<void> {
  const { lab, folder, config } = options
  const name = checkClusterName(lab)
  const file = join(folder, 'k3d.yaml')
  await writeFile(file, config)
  // k3d makes it otherwise, without our label
  await createVolume(lab, imageVolume(name), ['app=k3d', `${K3D_LABEL}=${name}`])
  await withWatch(options, 'could not create the cluster', ['cluster', 'create', '--config', file])
  const kubeconfig = await run([options.k3d, 'kubeconfig', 'get', name], { signal: options.signal })
  await writeFile(kubeconfigPath(folder), kubeconfig, { mode: 0o600 })
}

/** Stops every node; on servers k3d's entrypoint drains the node first, which deletes pods that nobody makes again. */
export async function stopCluster({ lab, k3d, signal }: K3dCluster): Promise<void> {
  await run([k3d, 'cluster', 'stop', clusterName(lab)], { signal })
}

/** @param timeout seconds until k3d gives up */
export async function startCluster(cluster: K3dCluster & { readonly timeout: number }): Promise<void> {
  await withWatch(cluster, 'could not start the cluster', ['cluster', 'start', clusterName(cluster.lab), '--timeout', `${cluster.timeout}s`])
}

/** Removes containers and volume of the cluster; nothing to do when there is none. The network is the lab's. */
export async function deleteCluster({ lab, k3d, signal }: K3dCluster): Promise<void> {
  await run([k3d, 'cluster', 'delete', clusterName(lab)], { signal })
  const left = (await clusterContainers(lab)).join(', ')
  if (left !== '') throw new LabError(`k3d says that cluster ${clusterName(lab)} is deleted, and these containers are left: ${left}`)
}

/**
 * Brings archives of `docker image save` into every node, and looks whether they are there: k3d's other way, by a
 * container of its own, ends with 0 also when a node did not take them.
 */
export async function importImages(
  { lab, k3d, signal }: K3dCluster, nodes: readonly string[], archives: readonly string[],
): Promise<void> {
  if (archives.length === 0) return
  await run([k3d, 'image', 'import', '--mode', 'direct', '--cluster', clusterName(lab), ...archives], { signal })
  const wanted = (await Promise.all(archives.map(namesIn))).flat()
  await Promise.all(nodes.map(async (node) => {
    const present = new Set(parseImages(await exec(node, ['crictl', 'images', '--output', 'json'])))
    const missing = wanted.filter(ref => !present.has(ref))
    if (missing.length > 0) throw new LabError(`${node} did not take ${missing.join(', ')}; see: docker logs ${node}`)
  }))
}

/** What the kubelet of a node has, with host and tag. */
export const parseImages = (json: string): string[] =>
  (JSON.parse(json) as { images: { repoTags?: string[] }[] }).images.flatMap(({ repoTags = [] }) => repoTags)

async function namesIn(archive: string): Promise<string[]> {
  const manifest = JSON.parse(await run(['tar', '--extract', '--to-stdout', '--file', archive, 'manifest.json'])) as { RepoTags: string[] | null }[]
  return manifest.flatMap(({ RepoTags }) => RepoTags ?? []).map(fullName)
}

/** Docker leaves its own host and `library/` out of a name, a kubelet does not. */
export function fullName(ref: string): string {
  const [first = '', ...rest] = ref.split('/')
  if (rest.length === 0) return `docker.io/library/${ref}`
  return /[.:]|^localhost$/.test(first) ? ref : `docker.io/${ref}`
}

/**
 * Cilium keeps its maps in a BPF file system that nodes made by k3d do not have; shared, or what pods mount there is
 * seen by nobody else. Gone after each stop, when Cilium's own agent mounts it again.
 */
export async function mountBpf(nodes: readonly string[]): Promise<void> {
  const script = 'mountpoint -q /sys/fs/bpf || mount -t bpf bpffs /sys/fs/bpf; mount --make-rshared /sys/fs/bpf'
  await Promise.all(nodes.map(node => exec(node, ['sh', '-ec', script])))
}

const imageVolume = (name: string): string => `k3d-${name}-images`
const helperContainer = (name: string): string => `k3d-${name}-tools`
const clusterContainers = (lab: string): Promise<string[]> => containersWith(`${K3D_LABEL}=${clusterName(lab)}`)

/**
 * k3d starts a container of its image k3d-tools with each cluster, to ask it about the machine on other systems than
 * Linux, and removes it. Where one of that name runs already it takes that: so ours, with our label, and nothing to
 * pull. It must not carry the cluster's label, or k3d takes it for a node.
 */
async function helper({ lab, helper: image }: K3dCluster): Promise<string> {
  const name = helperContainer(clusterName(lab))
  await docker(['run', '--detach', '--name', name, ...labelled(lab), '--label', 'app=k3d', '--network', 'none',
    '--entrypoint', 'sleep', image, 'infinity'])
  return name
}

/** Milliseconds between two looks at the nodes. */
const LOOK = 1_000

/** Runs k3d, which waits for lines in the logs of nodes, also of those in which k3s has ended long ago. */
async function withWatch(cluster: K3dCluster & { onStep?: (step: string) => void }, what: string, args: readonly string[]): Promise<void> {
  const { lab, k3d, signal, onStep } = cluster
  const tools = await helper(cluster)
  const dead = new AbortController()
  const done = new AbortController()
  const watching = watch(lab, dead, AbortSignal.any([signal, done.signal]))
  try {
    await run([k3d, ...args], {
      env: NO_PROXIES,
      signal: AbortSignal.any([signal, dead.signal]),
      onLine: line => onStep?.(messageOf(line)),
    })
  } catch (error) {
    signal.throwIfAborted()
    const reasons = error instanceof CommandFailed ? k3dErrors(error.stderr) : [(error as Error).message]
    throw new LabError([`k3d ${what}:`, ...reasons, ...await printedByNodes(lab)].join('\n  '))
  } finally {
    done.abort()
    await watching
    await ask(['docker', 'rm', '--force', tools])
  }
}

async function watch(lab: string, dead: AbortController, signal: AbortSignal): Promise<void> {
  for (const looks: NodeSeen[][] = []; !signal.aborted;) {
    looks.push(await seen(lab))
    const gone = ended(looks)
    if (gone !== undefined && !signal.aborted) dead.abort(new LabError(`k3s has ended in ${gone.container}`))
    await wait(LOOK, undefined, { signal }).catch(() => undefined)
  }
}

async function seen(lab: string): Promise<NodeSeen[]> {
  return Promise.all((await clusterContainers(lab)).map(async (container) => {
    const state = await ask(['docker', 'container', 'inspect', '--format', '{{.State.Running}} {{.RestartCount}}', container])
    const [running, restarts] = (state ?? '').trim().split(' ')
    const processes = await ask(['docker', 'top', container, '-eo', 'pid,args']) ?? ''
    return { container, running: running === 'true', restarts: Number(restarts ?? 0), processes: processes.split('\n').slice(1) }
  }))
}

/** The end of each node's log, without the lines that repeat. */
async function printedByNodes(lab: string): Promise<string[]> {
  const nodes = await clusterContainers(lab)
  const logs = await Promise.all(nodes.sort().map(async (node) => {
    const lines = tellingLines(await ask(['sh', '-c', 'docker logs --tail 400 "$0" 2>&1', node]) ?? '')
    return lines.length === 0 ? [] : [`docker logs ${node}:`, ...lines.map(line => `  ${line}`)]
  }))
  return logs.flat()
}
