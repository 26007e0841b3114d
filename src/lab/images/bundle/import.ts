/** Takes in a bundle: all of it is checked before any of it is used. */
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { chmod, mkdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createZstdDecompress } from 'node:zlib'
import type { Progress } from '../../../report/progress.ts'
import { outputs } from '../../cache.ts'
import { architecture } from '../archive.ts'
import { findImage, loadArchive } from '../docker.ts'
import { ImageError } from '../errors.ts'
import { inScratch } from '../product.ts'
import { CommandFailed, run } from '../run.ts'
import { filesBelow } from './files.ts'
import { checkFiles, IMAGES, MANIFEST, parseManifest, type Manifest } from './manifest.ts'

/**
 * @returns what was in it
 * @throws ImageError when a byte of it is not what was sent, with nothing loaded
 */
export async function importBundle(file: string, progress: Progress, signal: AbortSignal): Promise<Manifest> {
  return inScratch('import', async (folder) => {
    const content = join(folder, 'content')
    await mkdir(content)
    await progress.stage(`unpack ${file}`, () => unpack(file, folder, content, signal))
    const manifest = parseManifest(await readFile(join(content, MANIFEST), 'utf8').catch(() => 'nothing'), file)
    if (manifest.architecture !== architecture()) {
      throw new ImageError(`${file}: received parts for ${manifest.architecture}, expected ${architecture()}. Nothing was loaded.`)
    }
    await progress.stage('check digests', async () => {
      checkFiles(manifest, (await filesBelow(content)).filter(({ path }) => path !== MANIFEST), file)
    })
    if (manifest.images.length > 0) await progress.stage(`load ${manifest.images.length} images`, () => loadImages(manifest, join(content, IMAGES), signal))
    for (const { product } of manifest.programs) await keep(manifest, product, content)
    return manifest
  })
}

async function unpack(file: string, folder: string, content: string, signal: AbortSignal): Promise<void> {
  const tar = join(folder, 'bundle.tar')
  try {
    await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), createZstdDecompress(), createWriteStream(tar), { signal })
    await run(['tar', '--extract', '--no-same-owner', '--directory', content, '--file', tar], { signal })
  } catch (error) {
    signal.throwIfAborted()
    const { code, message } = error as NodeJS.ErrnoException
    // zlib's own codes (Z_BUF_ERROR, ZSTD_error_...), or tar's complaint
    if (code?.startsWith('Z') === true || error instanceof CommandFailed) {
      throw new ImageError(`${file} is damaged, or no bundle: received what cannot be unpacked (${message.trim().split('\n').at(-1)}),`
        + ' expected a file made by: proofbook lab images export. Nothing was loaded.')
    }
    throw new ImageError(`${file}: ${message}`)
  }
}

async function loadImages({ images }: Manifest, archive: string, signal: AbortSignal): Promise<void> {
  await loadArchive(archive, { signal })
  const missing = (await Promise.all(images.map(async ({ ref }) => await findImage(ref) === undefined ? [ref] : []))).flat()
  if (missing.length > 0) throw new ImageError(`Docker took ${IMAGES} and does not have ${missing.join(', ')}`)
}

/** By one rename, as a build does it; what is there already has the same recipe and stays. */
async function keep({ files }: Manifest, product: string, content: string): Promise<void> {
  for (const { path, executable } of files) {
    if (path.startsWith(`programs/${product}/`)) await chmod(join(content, path), executable ? 0o755 : 0o644)
  }
  await mkdir(outputs(), { recursive: true })
  const folder = join(outputs(), product)
  if (!existsSync(folder)) await rename(join(content, 'programs', product), folder)
}
