/** Where images come from, and how layers become an image in Docker. */
import { join } from 'node:path'
import type { Airgap } from './airgap.ts'
import { writeArchive, type ImageConfig, type Layer } from './archive.ts'
import { loadArchive } from './docker.ts'
import { inScratch, keyOf, type Context } from './product.ts'
import type { Registry } from './registry.ts'

/** What is asked between "already in Docker" and a build of our own. */
export interface Sources {
  readonly registry: Registry
  readonly airgap: Airgap
}

/** Loads layers as one image under `ref`; a half-loaded image has no name, so it is never taken for done. */
export async function intoDocker(
  context: Context, ref: string, layers: () => Promise<readonly Layer[]>, config: ImageConfig,
): Promise<void> {
  await context.inLane('pack', () => context.progress.stage(`load ${ref} into Docker`, () =>
    inScratch(`load-${keyOf(ref)}`, async (folder) => {
      const archive = join(folder, 'image.tar')
      await writeArchive(archive, ref, await layers(), config)
      await loadArchive(archive, { signal: context.signal })
    })))
}
