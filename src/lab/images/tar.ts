/**
 * Writes tar files with fixed owners and times, so that the same content gives the same bytes.
 * Only what images need: ustar, root as the owner, files, folders and symbolic links. Source: POSIX.1-2024, pax, "ustar".
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'

/** `path` is relative, without `./`; the default mode is 0644 for content and 0755 for folders. */
export type Entry = { readonly path: string, readonly mode?: number } & (
  | { readonly file: string }
  | { readonly text: string }
  | { readonly link: string }
  | { readonly folder: true }
)

const BLOCK = 512

/**
 * Writes `entries` to the file `out`, or into a stream that it ends: sorted by path (or as given, where `keepOrder`),
 * with the folders above them.
 * @throws Error when a path does not fit ustar's 155 + 100 bytes
 */
export async function writeTar(out: string | Writable, entries: readonly Entry[], keepOrder = false): Promise<void> {
  const sink = typeof out === 'string' ? createWriteStream(out) : out
  const write = async (bytes: Buffer) => { if (!sink.write(bytes)) await once(sink, 'drain') }
  const all = keepOrder ? entries : withParents(entries).sort((a, b) => (a.path < b.path ? -1 : 1))
  try {
    for (const entry of all) {
      const size = 'file' in entry ? (await stat(entry.file)).size : 'text' in entry ? Buffer.byteLength(entry.text) : 0
      await write(header(entry, size))
      if ('text' in entry) await write(Buffer.from(entry.text))
      if ('file' in entry) for await (const chunk of createReadStream(entry.file, { highWaterMark: 1 << 20 })) await write(chunk)
      if (size % BLOCK !== 0) await write(Buffer.alloc(BLOCK - size % BLOCK))
    }
    sink.end(Buffer.alloc(2 * BLOCK))
    await finished(sink)
  } finally {
    sink.destroy()
  }
}

function withParents(entries: readonly Entry[]): Entry[] {
  const all = new Map(entries.map((entry) => [entry.path, entry]))
  for (const { path } of entries) {
    const parts = path.split('/')
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/')
      if (!all.has(folder)) all.set(folder, { path: folder, folder: true })
    }
  }
  return [...all.values()]
}

export function header(entry: Entry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK)
  const folder = 'folder' in entry
  const [prefix, name] = split(folder ? `${entry.path}/` : entry.path)
  const link = 'link' in entry ? entry.link : ''
  if (Buffer.byteLength(link) > 100) throw new Error(`tar: link target of ${entry.path} is longer than 100 bytes: ${link}`)
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`
  block.write(name, 0)
  block.write(octal(entry.mode ?? (folder ? 0o755 : link !== '' ? 0o777 : 0o644), 8), 100)
  block.write(octal(0, 8), 108)
  block.write(octal(0, 8), 116)
  // 12 octal digits hold 8 GiB; more than any layer of ours
  block.write(octal(size, 12), 124)
  block.write(octal(0, 12), 136)
  block.write('        ', 148)
  block.write(folder ? '5' : link !== '' ? '2' : '0', 156)
  block.write(link, 157)
  block.write('ustar\x0000', 257, 'latin1')
  block.write('root', 265)
  block.write('root', 297)
  block.write(prefix, 345)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

/** The prefix takes whole folders, as few as make the rest fit. */
function split(path: string): [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= 100) return ['', path]
  for (let at = path.indexOf('/'); at > 0 && at < path.length - 1; at = path.indexOf('/', at + 1)) {
    const prefix = path.slice(0, at)
    const name = path.slice(at + 1)
    if (Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155) return [prefix, name]
  }
  throw new Error(`tar: path does not fit ustar (155 + 100 bytes): ${path}`)
}
