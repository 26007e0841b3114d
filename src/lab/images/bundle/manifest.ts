/** The first file of a bundle: what is in it, so that every byte can be checked before any of it is used. Pure. */
import { ImageError } from '../errors.ts'

export const MANIFEST = 'manifest.json'
export const IMAGES = 'images.tar'

export interface BundleFile {
  /** In the bundle: `images.tar`, or `programs/NAME-KEY/...`. */
  readonly path: string
  readonly size: number
  /** 64 hex digits. */
  readonly sha256: string
  readonly executable: boolean
}

export interface Manifest {
  readonly schema: 1
  /** Docker's names of processor architectures. */
  readonly architecture: string
  /** In images.tar, as Docker calls them. */
  readonly images: readonly { readonly name: string, readonly ref: string, readonly id: string }[]
  readonly programs: readonly { readonly name: string, readonly product: string }[]
  readonly files: readonly BundleFile[]
}

/** @throws ImageError when the text is no manifest that this version can read, or speaks of files outside of the bundle */
export function parseManifest(text: string, file: string): Manifest {
  const refuse = (what: string): never => {
    throw new ImageError(`${file}: ${what}. Expected a bundle made by: proofbook lab images export. Nothing was loaded.`)
  }
  let manifest: Manifest
  try {
    manifest = JSON.parse(text) as Manifest
  } catch (error) {
    return refuse(`${MANIFEST} is no JSON: ${(error as Error).message}`)
  }
  const { schema, images, programs, files } = manifest
  if (schema !== 1) refuse(`received a bundle of schema ${JSON.stringify(schema)}, expected 1`)
  if (![images, programs, files].every(Array.isArray)) refuse(`${MANIFEST} lacks images, programs or files`)
  for (const { product } of programs) {
    if (!/^[a-z][a-z0-9-]*-[0-9a-f]{12}$/.test(product)) refuse(`received the program "${product}", expected NAME-KEY`)
  }
  const folders = programs.map(({ product }) => `programs/${product}/`)
  for (const { path } of files) {
    const known = path === IMAGES || folders.some((folder) => path.startsWith(folder))
    if (!known || path.split('/').includes('..')) refuse(`received the file "${path}", which belongs to none of its parts`)
  }
  return manifest
}

/**
 * Whether the files that came are those that were sent.
 * @param received in any order, without the manifest
 * @throws ImageError with what was received and what was expected
 */
export function checkFiles(manifest: Manifest, received: readonly Omit<BundleFile, 'executable'>[], file: string): void {
  const found = new Map(received.map((one) => [one.path, one]))
  const problems = manifest.files.flatMap(({ path, size, sha256 }) => {
    const got = found.get(path)
    found.delete(path)
    if (got === undefined) return [`${path}: missing`]
    if (got.size !== size) return [`${path}: received ${got.size} bytes, expected ${size}`]
    return got.sha256 === sha256 ? [] : [`${path}: received sha256:${got.sha256}, expected sha256:${sha256}`]
  })
  const all = [...problems, ...[...found.keys()].map((path) => `${path}: not in the bundle's manifest`)]
  if (all.length === 0) return
  throw new ImageError(`${file} is damaged: nothing was loaded\n  ${all.join('\n  ')}\nTry: copy it again, or make it again with proofbook lab images export`)
}
