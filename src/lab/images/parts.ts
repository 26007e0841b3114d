/** The parts that labs are made of, each on its own: what `lab images` lists, exports and imports. Asks, and makes nothing. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { outputs } from '../cache.ts'
import { haproxyHosts, upstream, versions } from '../versions.ts'
import { ciliumChart, helm } from './cilium/chart.ts'
import { ciliumRefs } from './cilium/images.ts'
import { ciliumNode } from './cilium/supply.ts'
import { etcdutl, kind, vegeta } from './components.ts'
import { findImage } from './docker.ts'
import { fluxDefinitions, fluxVersion } from './flux.ts'
import { haproxyRelease, haproxyReleases } from './haproxy.ts'
import { hostRefWith } from './host-supply.ts'
import { k3d } from './k3d.ts'
import { standInRef } from './k3s-standin.ts'
import { builtNode } from './node-supply.ts'
import type { Product } from './product.ts'
import { echoArchive } from './small.ts'

/** An image in Docker, or a product in the cache. */
export type Part = {
  /** What the reader calls it: `node`, `host`, `cilium-1.19`, `helm`. */
  readonly name: string
  readonly version: string
} & (
  | { readonly image: string, readonly supply: 'pulled' | 'built' | 'stand-in' }
  | { readonly product: Product }
)

export interface Found {
  readonly name: string
  readonly version: string
  readonly kind: 'image' | 'program'
  readonly supply: string
  /** Docker's name of the image, or the product's `NAME-KEY`. */
  readonly ref: string
  readonly present: boolean
  /** Bytes; an image's with the layers that it shares. There when present. */
  readonly size?: number
  /** Docker's id of the image, or the key of the product. There when present. */
  readonly id?: string
}

const minorOf = (release: string): string => release.slice(1, release.lastIndexOf('.'))

export const parts: readonly Part[] = [
  { name: 'node', version: versions.kubernetes, image: builtNode, supply: 'built' },
  ...haproxyReleases.map((release): Part => (
    { name: release === haproxyRelease() ? 'host' : `host-haproxy-${release}`, version: haproxyHosts[release].debian, image: hostRefWith(release), supply: 'built' })),
  { name: 'kind', version: versions.kind, product: kind },
  { name: 'vegeta', version: versions.vegeta, product: vegeta },
  { name: 'etcdutl', version: versions.etcd, product: etcdutl },
  ...versions.cilium.flatMap((release): Part[] => [
    { name: `cilium-${minorOf(release)}`, version: release, image: ciliumNode([release]), supply: 'built' },
    { name: `cilium-chart-${minorOf(release)}`, version: release, product: ciliumChart(release) },
  ]),
  { name: 'cilium-both', version: versions.cilium.join(', '), image: ciliumNode(versions.cilium), supply: 'built' },
  { name: 'helm', version: versions.helm, product: helm },
  { name: 'flux-definitions', version: fluxVersion, product: fluxDefinitions },
  { name: 'k3s-standin', version: versions.kubernetes, image: standInRef, supply: 'stand-in' },
  { name: 'k3d', version: versions.k3d, product: k3d },
  { name: 'echo', version: versions.echo, product: echoArchive },
  // where a registry answers; the names of Cilium's are those of upstream
  ...[upstream.node, upstream.traefik, upstream.k3s, ...upstream.k3sImages, ...versions.cilium.flatMap(ciliumRefs)].map(pulled),
]

/** By its tag: an archive has no digests, and a machine that gets one takes the tag for it. */
function pulled(ref: string): Part {
  const tag = ref.split('@')[0] ?? ref
  const colon = tag.lastIndexOf(':')
  return { name: tag.slice(tag.lastIndexOf('/') + 1), version: tag.slice(colon + 1), image: ref, supply: 'pulled' }
}

export const folderOf = ({ id }: Product): string => join(outputs(), id)

/** @param wanted all of them when not given */
export const findParts = (wanted: readonly Part[] = parts): Promise<Found[]> => Promise.all(wanted.map(find))

async function find(part: Part): Promise<Found> {
  const { name, version } = part
  if ('image' in part) {
    const tag = part.image.split('@')[0] ?? part.image
    const image = await findImage(part.image) ?? await findImage(tag)
    const found = { name, version, kind: 'image' as const, supply: part.supply, ref: tag }
    return image === undefined ? { ...found, present: false } : { ...found, present: true, size: image.size, id: image.id }
  }
  const { product } = part
  const found = { name, version, kind: 'program' as const, supply: 'built', ref: product.id }
  return product.exists()
    ? { ...found, present: true, size: await sizeOf(folderOf(product)), id: product.key }
    : { ...found, present: false }
}

/** Bytes of all files below a folder. */
export async function sizeOf(folder: string): Promise<number> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  const sizes = await Promise.all(found.filter((entry) => entry.isFile()).map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size))
  return sizes.reduce((total, size) => total + size, 0)
}
