/** Cilium for the nodes of a lab: in the node image where that is ours, as archives to load where it is upstream's. */
import { join } from 'node:path'
import type { ImageRecord } from '../../../target/target.ts'
import { versions } from '../../versions.ts'
import { plainLayer } from '../archive.ts'
import { findImage, type DockerImage } from '../docker.ts'
import { fluxDefinitions } from '../flux.ts'
import { nodeConfig, nodeKey, nodeLayers } from '../node.ts'
import { RECORDS, type Node } from '../node-supply.ts'
import { keyOf, product, type Context } from '../product.ts'
import { run } from '../run.ts'
import { intoDocker, type Sources } from '../supply.ts'
import { archiveIn } from '../workload-images.ts'
import { ciliumChart, helm } from './chart.ts'
import { ciliumRefs } from './images.ts'
import { versionsOf, type CiliumReleases } from './release.ts'
import { ciliumArchives, ciliumStore, recordsIn } from './store.ts'

export interface CiliumSupply {
  /** Docker name of the node image. */
  readonly node: string
  /** What nodes do not carry. */
  readonly archives: readonly string[]
  readonly records: readonly ImageRecord[]
}

/** Our node image with those releases in its store; all layers but one are those of the node image without. */
export const ciliumNode = (releases: CiliumReleases): string =>
  `proofbook/node:${versions.kubernetes}-cilium-${versionsOf(releases).replaceAll(', ', '-')}-${keyOf([nodeKey, ciliumStore(releases).key])}`

/** Whether nothing is left to make for a lab with those releases on nodes of our build. */
export const ciliumPresent = async (releases: CiliumReleases): Promise<boolean> =>
  helm.exists() && fluxDefinitions.exists() && releases.every((release) => ciliumChart(release).exists()) && await findImage(ciliumNode(releases)) !== undefined

export const supplyCilium = (context: Context, sources: Sources, node: Pick<Node, 'ref' | 'built'>, releases: CiliumReleases): Promise<CiliumSupply> =>
  node.built ? inNode(context, sources, releases) : asArchives(context, sources, node.ref, releases)

async function inNode(context: Context, { airgap }: Sources, releases: CiliumReleases): Promise<CiliumSupply> {
  const ref = ciliumNode(releases)
  const find = () => findImage(ref)
  const image = await find() ?? (await airgap() ? await find() : undefined) ?? await buildNode(context, ref, releases)
  return { node: ref, archives: [], records: JSON.parse(image.labels[CILIUM_RECORDS] ?? '[]') as ImageRecord[] }
}

const CILIUM_RECORDS = 'proofbook.records.cilium'

async function buildNode(context: Context, ref: string, releases: CiliumReleases): Promise<DockerImage> {
  const [base, store] = await Promise.all([nodeLayers(context), ciliumStore(releases).make(context)])
  const layers = () => Promise.all([...base.tars, join(store, 'layer.tar')].map((tar) => plainLayer(tar)))
  const records = JSON.stringify(await recordsIn(store))
  await intoDocker(context, ref, layers, nodeConfig({ [RECORDS]: base.records, [CILIUM_RECORDS]: records }))
  const image = await findImage(ref)
  if (image === undefined) throw new Error(`Docker took the image ${ref} and does not have it`)
  return image
}

/** Upstream's images where they can be had, all of them; else ours by the same names. */
async function asArchives(context: Context, { registry, airgap }: Sources, node: string, releases: CiliumReleases): Promise<CiliumSupply> {
  const refs = releases.flatMap(ciliumRefs)
  const present = async () => (await Promise.all(refs.map(findImage))).filter((image) => image !== undefined)
  const pull = async () => (await Promise.all(refs.map((ref) => registry(ref)))).every(Boolean)
  let images = await present()
  if (images.length < refs.length && (await pull() || await airgap())) images = await present()
  if (images.length < refs.length) {
    const made = await Promise.all(releases.map(async (release) => {
      const folder = await ciliumArchives(release).make(context)
      return { archives: ciliumRefs(release).map((ref) => archiveIn(folder, ref)), records: await recordsIn(folder) }
    }))
    return { node, archives: made.flatMap(({ archives }) => archives), records: made.flatMap(({ records }) => records) }
  }
  const saved = await savedImages(refs, images).make(context)
  return {
    node,
    archives: refs.map((ref) => archiveIn(saved, ref)),
    records: images.map((image, index): ImageRecord => {
      const pulled = image.repoDigests[0]?.split('@')[1]
      const name = refs[index] ?? ''
      return { name, version: name.slice(name.lastIndexOf(':') + 1), supply: pulled === undefined ? 'archive' : 'pulled', id: pulled ?? image.id }
    }),
  }
}

/** Docker's own words for images that it has. */
const savedImages = (refs: readonly string[], images: readonly DockerImage[]) =>
  product('cilium-saved', [refs, images.map(({ id }) => id)], [], async (folder, _, { signal }) => {
    for (const ref of refs) await run(['docker', 'image', 'save', '--output', archiveIn(folder, ref), ref], { signal })
  })
