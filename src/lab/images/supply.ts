/** From a root filesystem or a set of layers to an image in Docker. */
import { join } from 'node:path'
import { writeArchive, type ImageConfig, type Layer } from './archive.ts'
import { loadArchive } from './docker.ts'
import { inScratch, type Context } from './product.ts'

/** Loads layers as one image under `ref`; a half-loaded image has no name, so it is never taken for done. */
export async function intoDocker(context: Context, ref: string, layers: readonly Layer[], config: ImageConfig): Promise<void> {
  await context.inLane('pack', () => context.progress.stage(`load ${ref} into Docker`, () =>
    inScratch(`load-${ref.replaceAll(/[^a-z0-9]+/g, '-')}`, async (folder) => {
      const archive = join(folder, 'image.tar')
      await writeArchive(archive, ref, layers, config)
      await loadArchive(archive, { signal: context.signal })
    })))
}
