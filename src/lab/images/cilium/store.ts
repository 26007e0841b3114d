/** Cilium's images in a node's containerd store, as a layer upon the node image's own store. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImageRecord } from '../../../target/target.ts'
import { containerd } from '../components.ts'
import { importImages } from '../containerd.ts'
import { preload, storeEntries } from '../preload.ts'
import { product, type Product } from '../product.ts'
import { run } from '../run.ts'
import { writeTar } from '../tar.ts'
import { archiveIn } from '../workload-images.ts'
import { ciliumRefs, imagesInputs, imagesRecipe, packImages } from './images.ts'
import { versionsOf, type CiliumRelease, type CiliumReleases } from './release.ts'

/** Length of imagesInputs. */
const INPUTS = 4

/**
 * `layer.tar`: the blobs that the node image lacks, and containerd's database with both; `records.json`: what they are.
 * Of several releases one layer, since each would bring a database of its own.
 */
export const ciliumStore = (releases: CiliumReleases): Product => product(
  'cilium-store',
  releases.length === 1 ? imagesRecipe(releases[0]) : releases.map(imagesRecipe),
  [containerd, preload, ...releases.flatMap(imagesInputs)] as const,
  async (folder, [programs, base, ...inputs], context) => {
    const { signal } = context
    const work = join(folder, 'work')
    const store = join(work, 'var', 'lib', 'containerd')
    await mkdir(work)
    await context.inLane('pack', () => context.progress.stage(`pack Cilium ${versionsOf(releases)} for the nodes`, async (update) => {
      const records: ImageRecord[] = []
      for (const [index, release] of releases.entries()) {
        await mkdir(join(work, release))
        const [commands = '', tools = '', net = '', plugins = ''] = inputs.slice(index * INPUTS)
        records.push(...await packImages(release, [commands, tools, net, plugins], join(work, release), context))
      }
      await writeFile(join(folder, 'records.json'), JSON.stringify(records))
      update('import into containerd')
      await run(['tar', '--extract', '--directory', work, '--file', join(base, 'images.tar')], { signal })
      const before = new Set((await storeEntries(store)).map(({ path }) => path))
      const archives = releases.flatMap((release) => ciliumRefs(release).map((ref) => ({ ref, file: archiveIn(join(work, release), ref) })))
      await importImages(programs, store, archives, signal)
      update('write the layer')
      const added = (await storeEntries(store)).filter(({ path }) => !before.has(path) || path.endsWith('/meta.db'))
      await writeTar(join(folder, 'layer.tar'), added)
    }))
    await rm(work, { recursive: true })
  },
)

/** The same images as archives of their own, for nodes that are not of our build. */
export const ciliumArchives = (release: CiliumRelease): Product => product(
  'cilium-archives', imagesRecipe(release), imagesInputs(release), async (folder, inputs, context) => {
    const work = join(folder, 'work')
    await mkdir(work)
    await context.inLane('pack', () => context.progress.stage(`pack Cilium ${release}`, async () => {
      const records = await packImages(release, inputs, work, context)
      await writeFile(join(folder, 'records.json'), JSON.stringify(records))
      for (const ref of ciliumRefs(release)) await rename(archiveIn(work, ref), archiveIn(folder, ref))
    }))
    await rm(work, { recursive: true })
  },
)

/** What a folder of either holds. */
export const recordsIn = async (folder: string): Promise<readonly ImageRecord[]> =>
  JSON.parse(await readFile(join(folder, 'records.json'), 'utf8')) as ImageRecord[]
