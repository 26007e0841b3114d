/** Images that were carried to a machine without a registry: Docker archives in the folder `$PROOFBOOK_AIRGAP`. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { loadArchive } from './docker.ts'
import { ImageError } from './errors.ts'
import type { Context } from './product.ts'

export type Airgap = () => Promise<boolean>

/**
 * Loads every archive of the folder once a run; answers whether there was one.
 * @throws ImageError when the folder is named but cannot be read
 */
export function airgap(context: Context): Airgap {
  let loaded: Promise<boolean> | undefined
  return () => loaded ??= loadAll(context)
}

async function loadAll({ progress, signal }: Context): Promise<boolean> {
  const folder = process.env.PROOFBOOK_AIRGAP
  if (folder === undefined || folder === '') return false
  const found = await readdir(folder).catch((error: Error) => {
    throw new ImageError(`PROOFBOOK_AIRGAP=${folder}: ${error.message}. Expected a folder with Docker archives (docker image save).`)
  })
  const archives = found.filter((name) => /\.tar(\.gz|\.zst)?$/.test(name)).sort()
  for (const name of archives) await progress.stage(`load ${name}`, () => loadArchive(join(folder, name), { signal }))
  return archives.length > 0
}
