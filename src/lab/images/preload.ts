/** Packs the workload images and puts them into a containerd store, which becomes a layer of the node image. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { writeArchive, zstdLayer, type Layer } from './archive.ts'
import { containerd } from './components.ts'
import { importImages } from './containerd.ts'
import { product, type Context } from './product.ts'
import type { ImageRecord } from '../../target/target.ts'
import { netRootfs } from './rootfs.ts'
import { writeTar, type Entry } from './tar.ts'
import { archiveIn, workloadImages, workloadInputs, type WorkloadImage } from './workload-images.ts'
import { run } from './run.ts'

/** What a program that looks up its own user needs. */
export const passwd: readonly Entry[] = [
  { path: 'etc/passwd', text: 'root:x:0:0:root:/root:/sbin/nologin\n' },
  { path: 'etc/group', text: 'root:x:0:\n' },
  { path: 'etc/nsswitch.conf', text: 'hosts: files dns\n' },
  { path: 'tmp', folder: true, mode: 0o1777 },
]

/** `images.tar`: var/lib/containerd with every image; `records.json`: what they are. */
export const preload = product(
  'preload',
  workloadImages.map(({ files, ...image }) => ({ ...image, files: Object.keys(files) })),
  [containerd, netRootfs, ...workloadInputs],
  async (folder, [containerdFolder, netFolder, ...inputs], context) => {
    const work = join(folder, 'work')
    await mkdir(work)
    const folders = new Map(workloadInputs.map((input, index) => [input, inputs[index] ?? '']))
    await context.inLane('pack', () => context.progress.stage(`pack ${workloadImages.length} images for the nodes`, async (update) => {
      const net = await netLayer(netFolder, work, context)
      const records: ImageRecord[] = []
      for (const image of workloadImages) {
        context.signal.throwIfAborted()
        update(image.ref)
        const layers = await layersOf(image, net, folders, work)
        const id = await writeArchive(archiveIn(work, image.ref), image.ref, layers, image.config ?? {})
        records.push(record(image, id))
      }
      await writeFile(join(folder, 'records.json'), JSON.stringify(records))
      update('import into containerd')
      const store = join(work, 'store')
      await importImages(containerdFolder, store, workloadImages.map(({ ref }) => ({ ref, file: archiveIn(work, ref) })), context.signal)
      update('write the layer')
      await writeTar(join(folder, 'images.tar'), await storeEntries(store))
    }))
    await rm(work, { recursive: true })
  },
)

export function record({ ref, version, note }: Pick<WorkloadImage, 'ref' | 'version' | 'note'>, id: string): ImageRecord {
  const built = 'our build from Go modules and Debian packages, not upstream bytes'
  return { name: ref, version, supply: 'built', id, note: note === undefined ? built : `${built}; ${note}` }
}

/** The layer that every image with packet filter tools shares. */
export async function netLayer(netFolder: string, work: string, context: Pick<Context, 'signal'>): Promise<Layer> {
  const tar = join(work, 'net.tar')
  await run(['cp', join(netFolder, 'rootfs.tar'), tar], { signal: context.signal })
  return zstdLayer(tar)
}

async function layersOf(
  image: WorkloadImage, net: Layer, folders: ReadonlyMap<unknown, string>, work: string,
): Promise<Layer[]> {
  const tar = archiveIn(work, `${image.ref}-layer`)
  const files = Object.entries(image.files).map(([path, [from, name]]): Entry =>
    ({ path, file: join(folders.get(from) ?? '', name), mode: 0o755 }))
  if (files.length > 0) await writeTar(tar, image.net === true ? files : [...passwd, ...files])
  return [...image.net === true ? [net] : [], ...files.length > 0 ? [await zstdLayer(tar)] : []]
}

/** Content and names only; what containerd makes anew at its start stays out. */
export async function storeEntries(store: string): Promise<Entry[]> {
  const kept = ['io.containerd.content.v1.content/blobs', 'io.containerd.metadata.v1.bolt']
  const entries: Entry[] = []
  for (const part of kept) {
    for (const found of await readdir(join(store, part), { recursive: true, withFileTypes: true })) {
      const file = join(found.parentPath, found.name)
      if (found.isFile()) entries.push({ path: join('var/lib/containerd', relative(store, file)), file, mode: 0o600 })
    }
  }
  return entries
}
