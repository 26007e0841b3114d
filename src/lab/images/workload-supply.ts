/** Workload images for nodes that do not carry them: archives for `kind load image-archive`. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ImageRecord } from '../../target/target.ts'
import { versions, workloads } from '../versions.ts'
import { writeArchive, zstdLayer } from './archive.ts'
import { traefik } from './components.ts'
import { findImage } from './docker.ts'
import { record } from './preload.ts'
import { product, type Context } from './product.ts'
import { run } from './run.ts'
import { echoArchive } from './small.ts'
import type { Sources } from './supply.ts'
import { writeTar } from './tar.ts'
import { workloadImages } from './workload-images.ts'

export interface Workloads {
  readonly archives: readonly string[]
  readonly records: readonly ImageRecord[]
}

/** @param preloaded what the nodes carry */
export async function supplyWorkloads(context: Context, sources: Sources, preloaded: readonly string[]): Promise<Workloads> {
  const missing = [workloads.echo, workloads.traefik].filter((ref) => !preloaded.includes(ref))
  const parts = await Promise.all(missing.map((ref) => ref === workloads.echo ? echoPart(context) : traefikPart(context, sources)))
  return { archives: parts.map(({ archive }) => archive), records: parts.map(({ record }) => record) }
}

interface Part {
  readonly archive: string
  readonly record: ImageRecord
}

const describe = (ref: string, id: string): ImageRecord =>
  record(workloadImages.find((image) => image.ref === ref) ?? { ref, version: ref }, id)

async function echoPart(context: Context): Promise<Part> {
  const archive = join(await echoArchive.make(context), 'echo.tar')
  return { archive, record: describe(workloads.echo, `key ${echoArchive.key}`) }
}

/** Docker's own words for an image that it has, saved once. */
const savedTraefik = product('traefik-saved', workloads.traefik, [], async (folder, _, { signal }) => {
  await run(['docker', 'image', 'save', '--output', join(folder, 'traefik.tar'), workloads.traefik], { signal })
})

const builtTraefik = product('traefik-archive', workloads.traefik, [traefik], async (folder, [program]) => {
  const tar = join(folder, 'layer.tar')
  await writeTar(tar, [{ path: 'traefik', file: join(program, 'traefik'), mode: 0o755 }])
  await writeArchive(join(folder, 'traefik.tar'), workloads.traefik, [await zstdLayer(tar)], { Entrypoint: ['/traefik'] })
})

async function traefikPart(context: Context, { registry, airgap }: Sources): Promise<Part> {
  const find = () => findImage(workloads.traefik)
  const image = await find() ?? (await registry(workloads.traefik) || await airgap() ? await find() : undefined)
  const supply = image === undefined ? builtTraefik : savedTraefik
  const archive = join(await supply.make(context), 'traefik.tar')
  if (!existsSync(archive)) throw new Error(`${archive} is missing: remove its folder and try again`)
  if (image === undefined) return { archive, record: describe(workloads.traefik, `key ${builtTraefik.key}`) }
  const pulled = image.repoDigests[0]?.split('@')[1]
  return {
    archive,
    record: { name: workloads.traefik, version: versions.traefik, supply: pulled === undefined ? 'archive' : 'pulled', id: pulled ?? image.id },
  }
}
