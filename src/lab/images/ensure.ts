/**
 * Everything that a lab is made of, present on this machine: images in Docker and programs in the cache. What is there
 * stays; what is missing is pulled, loaded or built, and the answer says which.
 */
import type { Progress } from '../../report/progress.ts'
import type { ImageRecord } from '../../target/target.ts'
import { versions, workloads } from '../versions.ts'
import type { BackendName } from '../cluster/backend.ts'
import type { CniName } from '../cni/cni.ts'
import { airgap } from './airgap.ts'
import { supplyChart, supplyHelm } from './cilium/chart.ts'
import { heldReleases, versionsOf, type CiliumReleases } from './cilium/release.ts'
import { supplyCilium } from './cilium/supply.ts'
import { ImageError } from './errors.ts'
import { supplyFluxDefinitions } from './flux.ts'
import { findGo } from './go.ts'
import { haproxyRelease, type HaproxyRelease } from './haproxy.ts'
import { supplyHost } from './host-supply.ts'
import { supplyK3d, supplyK3s } from './k3s-supply.ts'
import { lanes } from './lanes.ts'
import { supplyNode, type Node } from './node-supply.ts'
import { sweepScratch, type Context } from './product.ts'
import { supplyEtcdutl, supplyKind, supplyKubectl, supplyVegeta } from './programs.ts'
import { registry } from './registry.ts'
import { CommandFailed } from './run.ts'
import type { Sources } from './supply.ts'
import { supplyWorkloads } from './workload-supply.ts'

export interface LabImages {
  /** Docker name of the node image, of kind's or of k3d's form. */
  readonly node: string
  /** Folder with archives of images that nodes must have from the start; where the node image does not carry them. */
  readonly nodeImages?: string
  /** Docker name of the Debian host image, which is the LAN container's too. */
  readonly host: string
  /** Minor of the HAProxy that hosts offer. */
  readonly haproxyVersion: HaproxyRelease
  /** Paths of programs. */
  readonly kind: string
  /** There when it is what makes the cluster. */
  readonly k3d?: string
  readonly kubectl: string
  /** Static: runs in every host. */
  readonly vegeta: string
  /** Static, of the version of the cluster's etcd. */
  readonly etcdutl: string
  /** Version of the node image's Kubernetes, `v1.36.4`. */
  readonly kubernetes: string
  /** What the node image installs as its default network. */
  readonly cni: 'flannel' | 'kindnet'
  /** Workload images that the node image carries. */
  readonly preloaded: readonly string[]
  /** Names for manifests, and the archives that `kind load image-archive` must bring where nodes do not carry them. */
  readonly workloads: { readonly traefik: string, readonly echo: string, readonly archives: readonly string[] }
  readonly records: readonly ImageRecord[]
  /** `1.19.7`, or `1.19.7, 1.20.1`: where a lab asked for Cilium's images, as what follows. */
  readonly ciliumVersion?: string
  /** Path of the program. */
  readonly helm?: string
  /** Path of a file with Flux's CustomResourceDefinitions. */
  readonly fluxDefinitions?: string
  /** Folder of the Helm chart of the first of those releases. */
  readonly ciliumChart?: string
  /** Folders of the charts of the others, by version. */
  readonly furtherCharts?: Readonly<Record<string, string>>
}

export interface EnsureOptions {
  readonly signal?: AbortSignal
  /** What makes the cluster; kind when not given. */
  readonly target?: BackendName
  /** The network that the lab will have; what the node image brings when not given. */
  readonly cni?: CniName
  /** `1.19`, `1.19.7`, `1.19, 1.20`: nodes hold their images whatever their network is. With the network `cilium` the pinned default when not given. */
  readonly ciliumVersion?: string
  /** Minor of the HAProxy that hosts offer to install, `3.2`; the default one when not given. */
  readonly haproxyVersion?: string
}

/**
 * Makes sure of all parts; under a second when nothing is missing.
 * @throws ImageError when a part cannot be had; the signal's reason when aborted, with nothing half done left behind
 */
export async function ensureImages(progress: Progress, options: EnsureOptions = {}): Promise<LabImages> {
  const failed = new AbortController()
  const signal = options.signal === undefined ? failed.signal : AbortSignal.any([options.signal, failed.signal])
  const context = newContext(progress, signal)
  await sweepScratch()
  try {
    const wanted = { cilium: heldReleases(options), haproxy: haproxyRelease(options.haproxyVersion) }
    return options.target === 'k3d' ? await forK3d(context, failed, wanted) : await forKind(context, failed, wanted)
  } catch (error) {
    if (error instanceof CommandFailed) throw explain(error)
    throw error
  }
}

interface Wanted {
  readonly cilium: CiliumReleases | undefined
  readonly haproxy: HaproxyRelease
}

async function forKind(context: Context, failed: AbortController, { cilium: releases, haproxy }: Wanted): Promise<LabImages> {
  const sources = { registry: registry(context), airgap: airgap(context) }
  const node = supplyNode(context, sources)
  const work = [
    node,
    supplyHost(context, sources, haproxy),
    supplyKind(context),
    supplyVegeta(context),
    supplyEtcdutl(context),
    node.then(({ kubernetes, ref }) => supplyKubectl(context, kubernetes, ref)),
    node.then(({ preloaded }) => supplyWorkloads(context, sources, preloaded)),
    node.then((base) => releases === undefined ? undefined : withCilium(context, sources, base, releases)),
  ] as const
  const [ready, host, kind, vegeta, etcdutl, kubectl, extra, cilium] = await together(failed, work)
  return {
    node: cilium?.node ?? ready.ref,
    host: host.ref,
    haproxyVersion: haproxy,
    kind,
    kubectl,
    vegeta,
    etcdutl,
    kubernetes: ready.kubernetes,
    cni: ready.cni,
    preloaded: ready.preloaded,
    workloads: { ...workloads, archives: [...extra.archives, ...cilium?.archives ?? []] },
    records: [...ready.records, ...extra.records, ...host.records, ...cilium?.records ?? []],
    ...cilium?.parts,
  }
}

/** The same on k3s: `kind` is not part of it, and stays the program that is there already, or its name. */
async function forK3d(context: Context, failed: AbortController, { cilium: releases, haproxy }: Wanted): Promise<LabImages> {
  const sources = { registry: registry(context), airgap: airgap(context) }
  const base = supplyHost(context, sources)
  const node = supplyK3s(context, sources, base)
  const hosts = haproxy === haproxyRelease() ? base : supplyHost(context, sources, haproxy)
  const work = [
    node,
    hosts,
    supplyK3d(context),
    supplyVegeta(context),
    supplyEtcdutl(context),
    node.then(({ kubernetes }) => supplyKubectl(context, kubernetes)),
    node.then(({ preloaded }) => supplyWorkloads(context, sources, preloaded)),
    node.then(({ ref }) => releases === undefined ? undefined : withCilium(context, sources, { ref, built: false }, releases)),
  ] as const
  const [ready, host, k3d, vegeta, etcdutl, kubectl, extra, cilium] = await together(failed, work)
  return {
    node: ready.ref,
    ...ready.images === undefined ? {} : { nodeImages: ready.images },
    host: host.ref,
    haproxyVersion: haproxy,
    kind: 'kind',
    k3d,
    kubectl,
    vegeta,
    etcdutl,
    kubernetes: ready.kubernetes,
    cni: 'flannel',
    preloaded: ready.preloaded,
    workloads: { ...workloads, archives: [...extra.archives, ...cilium?.archives ?? []] },
    records: [...ready.records, ...extra.records, ...host.records, ...cilium?.records ?? []],
    ...cilium?.parts,
  }
}

/** What only a lab with Cilium, or with its images, has: built when such a lab is asked for, not before. */
async function withCilium(context: Context, sources: Sources, base: Pick<Node, 'ref' | 'built'>, releases: CiliumReleases) {
  const [first, ...others] = releases
  const [supplied, helm, fluxDefinitions, ciliumChart, ...further] = await Promise.all([
    supplyCilium(context, sources, base, releases), supplyHelm(context), supplyFluxDefinitions(context), supplyChart(context, first),
    ...others.map(async (release) => [release.slice(1), await supplyChart(context, release)] as const),
  ])
  return { ...supplied, parts: { ciliumVersion: versionsOf(releases), helm, fluxDefinitions, ciliumChart, ...others.length === 0 ? {} : { furtherCharts: Object.fromEntries(further) } } }
}

/** The first failure stops the others; it is thrown when all of them have cleaned up after themselves. */
async function together<Work extends readonly Promise<unknown>[]>(
  failed: AbortController, work: Work,
): Promise<{ -readonly [Index in keyof Work]: Awaited<Work[Index]> }> {
  try {
    return await Promise.all(work)
  } catch (error) {
    failed.abort(error)
    await Promise.allSettled(work)
    throw error
  }
}

export function newContext(progress: Progress, signal: AbortSignal): Context {
  let go: ReturnType<Context['go']> | undefined
  const inLane = lanes(signal)
  return {
    progress, signal, inLane, made: new Map(),
    go: () => go ??= findGo().then((found) => {
      if (found !== undefined) return found
      throw new ImageError(`no Go >= ${versions.goMinimum} on this machine. Try: proofbook setup`)
    }),
  }
}

function explain(error: CommandFailed): ImageError {
  return new ImageError(`could not make the lab's images: ${error.message}\nTry: proofbook doctor; what is done already is kept, so a second try goes on from here.`)
}
