/** Files below a folder with what a bundle's manifest says of them. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { BundleFile } from './manifest.ts'

/** @param prefix of their paths in the bundle */
export async function filesBelow(folder: string, prefix = ''): Promise<BundleFile[]> {
  const found = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => !entry.isDirectory())
  const files: BundleFile[] = []
  for (const entry of found) {
    const file = join(entry.parentPath, entry.name)
    files.push(await described(file, prefix + relative(folder, file)))
  }
  return files
}

export async function described(file: string, path: string): Promise<BundleFile> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash)
  const { size, mode } = await stat(file)
  return { path, size, sha256: hash.digest('hex'), executable: (mode & 0o100) !== 0 }
}
