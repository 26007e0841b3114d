/** The node image of k3d's clusters: with k3s from Docker, a registry or an air-gap folder, else our stand-in. */
import { join } from 'node:path'
import type { ImageRecord } from '../../target/target.ts'
import { upstream, versions, workloads } from '../versions.ts'
import { plainLayer } from './archive.ts'
import { findImage, type DockerImage } from './docker.ts'
import type { Supplied } from './host-supply.ts'
import { k3d } from './k3d.ts'
import { k3sNodeRef, makeK3sNode } from './k3s-node.ts'
import { standInConfig, standInLayers, standInRef } from './k3s-standin.ts'
import { product, type Context } from './product.ts'
import { ask, run } from './run.ts'
import { intoDocker, type Sources } from './supply.ts'

const tag = upstream.k3s.split('@')[0] ?? upstream.k3s

export interface K3sNode extends Supplied {
  /** Version of its Kubernetes, `v1.36.4`. */
  readonly kubernetes: string
  readonly standIn: boolean
  /** Images of workloads that it carries. */
  readonly preloaded: readonly string[]
  /** Folder for /var/lib/rancher/k3s/agent/images: what k3s runs in pods, since a closed lab pulls nothing. */
  readonly images?: string
}

/** @param base Debian, for the node around k3s's programs */
export async function supplyK3s(context: Context, sources: Sources, base: Promise<Supplied>): Promise<K3sNode> {
  const real = await realImage(context, sources, base)
  if (real !== undefined) return real
  if (await findImage(standInRef) === undefined) {
    const { tars, records } = await standInLayers(context)
    await intoDocker(context, standInRef, async () => Promise.all(tars.map((tar) => plainLayer(tar))), standInConfig({ [RECORDS]: records }))
  }
  const image = await findImage(standInRef)
  if (image === undefined) throw new Error(`Docker took the image ${standInRef} and does not have it`)
  return fromStandIn(image)
}

/** The pinned k3d: ours where it is made already, else the one on PATH when it is that version, else ours. */
export async function supplyK3d(context: Context): Promise<string> {
  const onPath = async () => (await ask(['k3d', 'version']))?.includes(`k3d version ${versions.k3d}\n`) === true
  if (k3d.exists() || !await onPath()) return join(await k3d.make(context), 'k3d')
  return (await run(['sh', '-c', 'command -v k3d'])).trim()
}

/** Only whole: a node without the images of its pods would never get Ready in a lab that is closed. */
async function realImage(context: Context, { registry, airgap }: Sources, base: Promise<Supplied>): Promise<K3sNode | undefined> {
  const wanted = [upstream.k3s, ...upstream.k3sImages]
  const present = async () => (await Promise.all(wanted.map((ref) => ref === upstream.k3s ? inDocker() : findImage(ref)))).every(Boolean)
  if (!await present()) {
    for (const ref of wanted) if (!await registry(ref)) break
    if (!await present() && !(await airgap() && await present())) return undefined
  }
  const found = await inDocker()
  if (found === undefined) return undefined
  const ref = k3sNodeRef(found.image.id)
  if (await findImage(ref) === undefined) {
    const { ref: debian } = await base
    await context.inLane('pack', () => context.progress.stage(`put k3s on Debian as ${ref}`, () =>
      makeK3sNode(ref, found.ref, debian, { signal: context.signal })))
  }
  return {
    ref,
    kubernetes: versions.kubernetes,
    standIn: false,
    preloaded: [],
    images: await savedImages.make(context),
    records: [
      { name: tag, version: upstream.k3sVersion, supply: found.supply, id: found.image.id, note: `its programs, on Debian ${versions.debian} in place of busybox` },
      ...await Promise.all(upstream.k3sImages.map(recordOf)),
    ],
  }
}

/** By its digest, or by its tag where an archive brought it (archives carry no digests). */
async function inDocker(): Promise<{ ref: string, image: DockerImage, supply: 'pulled' | 'archive' } | undefined> {
  const [pulled, tagged] = await Promise.all([upstream.k3s, tag].map(findImage))
  if (pulled !== undefined) return { ref: upstream.k3s, image: pulled, supply: 'pulled' }
  return tagged !== undefined && tagged.repoDigests.length === 0 ? { ref: tag, image: tagged, supply: 'archive' } : undefined
}

async function recordOf(ref: string): Promise<ImageRecord> {
  const image = await findImage(ref)
  const digest = image?.repoDigests[0]?.split('@')[1]
  return { name: ref, version: ref.slice(ref.lastIndexOf(':') + 1), supply: digest === undefined ? 'archive' : 'pulled', id: digest ?? image?.id ?? '' }
}

/** k3s imports every archive in that folder when it starts (docs.k3s.io/installation/airgap). */
const savedImages = product('k3s-images', upstream.k3sImages, [], async (folder, _, { signal }) => {
  await run(['docker', 'image', 'save', '--output', join(folder, 'k3s-images.tar'), ...upstream.k3sImages], { signal })
})

const RECORDS = 'proofbook.records'

function fromStandIn(image: DockerImage): K3sNode {
  const inside = JSON.parse(image.labels[RECORDS] ?? '[]') as ImageRecord[]
  return {
    ref: standInRef,
    kubernetes: versions.kubernetes,
    standIn: true,
    preloaded: inside.map(({ name }) => name).filter((name) => Object.values<string>(workloads).includes(name)),
    records: [{
      name: 'proofbook/k3s-standin',
      version: versions.kubernetes,
      supply: 'stand-in',
      id: image.id,
      note: `a stand-in for k3s, not k3s: upstream Kubernetes ${versions.kubernetes} by kubeadm behind its command line. It lacks the Traefik, ServiceLB,`
        + ' metrics-server and Helm add-ons, the enforcement of NetworkPolicies (kube-router), the supervisor with its join tokens and its config files,'
        + ' and SQLite',
    }, ...inside],
  }
}

/** What doctor asks: which of the two this machine has. */
export async function k3sImageHere(): Promise<'k3s' | 'stand-in' | undefined> {
  if (await inDocker() !== undefined) return 'k3s'
  return await findImage(standInRef) === undefined ? undefined : 'stand-in'
}
