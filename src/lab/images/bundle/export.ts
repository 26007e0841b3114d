/** Writes what this machine has into one file, for a machine that can neither pull nor build. */
import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress } from 'node:zlib'
import type { Progress } from '../../../report/progress.ts'
import { architecture } from '../archive.ts'
import { ImageError } from '../errors.ts'
import { findParts, folderOf, parts, type Found, type Part } from '../parts.ts'
import { inScratch, type Product } from '../product.ts'
import { run } from '../run.ts'
import { writeTar, type Entry } from '../tar.ts'
import { described, filesBelow } from './files.ts'
import { IMAGES, MANIFEST, type BundleFile, type Manifest } from './manifest.ts'

export interface ExportOptions {
  /** Names of parts; all that are there when not given. */
  readonly only?: readonly string[]
  readonly signal: AbortSignal
}

export interface Exported {
  readonly parts: readonly Found[]
  /** Bytes. */
  readonly size: number
}

/** @throws ImageError when a part is not there, or not known */
export async function exportBundle(file: string, progress: Progress, { only, signal }: ExportOptions): Promise<Exported> {
  const found = await chosen(only)
  const images = found.filter(({ kind }) => kind === 'image')
  const programs = parts.filter((part): part is Part & { product: Product } => 'product' in part && found.some(({ name }) => name === part.name))
  return inScratch('export', async (folder) => {
    const archive = join(folder, IMAGES)
    if (images.length > 0) {
      await progress.stage(`save ${images.length} images`, async () => {
        // one that was pulled by its digest may have no name yet, and would lose itself without
        for (const { id = '', ref } of images) await run(['docker', 'tag', id, ref], { signal })
        await run(['docker', 'image', 'save', '--output', archive, ...images.map(({ ref }) => ref)], { signal })
      })
    }
    const contents: { entry: Entry, file: BundleFile }[] = []
    const add = (from: string, told: BundleFile): void => {
      contents.push({ entry: { path: told.path, file: from, mode: told.executable ? 0o755 : 0o644 }, file: told })
    }
    await progress.stage('take digests', async () => {
      if (images.length > 0) add(archive, await described(archive, IMAGES))
      for (const { product } of programs) {
        const prefix = `programs/${product.id}/`
        for (const told of await filesBelow(folderOf(product), prefix)) add(join(folderOf(product), told.path.slice(prefix.length)), told)
      }
    })
    const manifest: Manifest = {
      schema: 1,
      architecture: architecture(),
      images: images.map(({ name, ref, id = '' }) => ({ name, ref, id })),
      programs: programs.map(({ name, product }) => ({ name, product: product.id })),
      files: contents.map((content) => content.file),
    }
    const entries = [{ path: MANIFEST, text: `${JSON.stringify(manifest, undefined, 2)}\n` }, ...contents.map(({ entry }) => entry)]
    await progress.stage(`write ${file}`, () => packed(file, entries, signal))
    return { parts: found, size: (await stat(file)).size }
  })
}

async function chosen(only: readonly string[] | undefined): Promise<Found[]> {
  const known = parts.map(({ name }) => name)
  const unknown = only?.filter((name) => !known.includes(name)) ?? []
  if (unknown.length > 0) throw new ImageError(`received part ${unknown.join(', ')}, expected one of: ${known.join(', ')}`)
  const found = await findParts(parts.filter(({ name }) => only === undefined || only.includes(name)))
  const absent = only === undefined ? [] : found.filter(({ present }) => !present)
  if (absent.length > 0) throw new ImageError(`not on this machine: ${absent.map(({ name }) => name).join(', ')}. Try: proofbook lab images build`)
  const present = found.filter((part) => part.present)
  if (present.length === 0) throw new ImageError('no part of a lab is on this machine. Try: proofbook lab images build')
  return present
}

/** Beside the file until it is whole. */
async function packed(file: string, entries: readonly Entry[], signal: AbortSignal): Promise<void> {
  const draft = `${file}.part`
  const zstd = createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } })
  try {
    await Promise.all([writeTar(zstd, entries, true), pipeline(zstd, createWriteStream(draft), { signal })])
    await rename(draft, file)
  } finally {
    await rm(draft, { force: true })
  }
}
