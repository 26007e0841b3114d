/** What blocks print, in files beside the journal while it comes: whole, however much it is. */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { clip, LONGEST_TRANSCRIPT } from '../clip.ts'
import { JournalFailed } from '../errors.ts'

export interface Transcripts {
  /** A file is made at the first chunk. `key` tells blocks apart that run at the same time. */
  write(key: string, name: string, chunk: string): void
  /** A try of a polled check has ended: when another follows, only that one is kept. */
  again(key: string): void
  /** Name of the file, undefined when nothing was printed. */
  end(key: string): string | undefined
}

interface Open {
  readonly file: string
  readonly fd: number
  /** What it holds is of the try before. */
  stale: boolean
}

/** @param used how many transcripts earlier processes of this run left in the folder */
export function openTranscripts(folder: string, used = 0): Transcripts {
  const open = new Map<string, Open>()
  let count = used
  return {
    write(key, name, chunk) {
      try {
        let to = open.get(key)
        if (to === undefined) {
          const file = fileName(++count, name)
          open.set(key, to = { file, fd: openSync(join(folder, file), 'a', 0o600), stale: false })
        }
        if (to.stale) ftruncateSync(to.fd)
        to.stale = false
        writeWhole(to.fd, chunk)
      } catch (error) {
        throw new JournalFailed(folder, error as Error)
      }
    },
    again(key) {
      const to = open.get(key)
      if (to?.stale) ftruncateSync(to.fd)
      if (to) to.stale = true
    },
    end(key) {
      const to = open.get(key)
      if (to === undefined) return undefined
      open.delete(key)
      closeSync(to.fd)
      return to.file
    },
  }
}

function writeWhole(fd: number, text: string): void {
  let written = writeSync(fd, text)
  if (written === Buffer.byteLength(text)) return
  // A full disk takes a part, and tells why it takes no more.
  const bytes = Buffer.from(text)
  while (written < bytes.length) written += writeSync(fd, bytes, written)
}

/** `NN-name.txt`; a name of a block has no slash, and yet none gets through. */
function fileName(number: number, name: string): string {
  return `${String(number).padStart(2, '0')}-${name.replaceAll(/[^\w.-]/g, '_')}.txt`
}

/** A transcript as a result keeps it: head and tail; empty when the file is gone. */
export function readTranscript(path: string): string {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch {
    return ''
  }
  try {
    const { size } = fstatSync(fd)
    const part = (from: number, length: number): Buffer => {
      const bytes = Buffer.alloc(length)
      return bytes.subarray(0, readSync(fd, bytes, 0, length, from))
    }
    if (size <= LONGEST_TRANSCRIPT) return part(0, size).toString('utf8')
    const half = LONGEST_TRANSCRIPT / 2
    return clip(part(0, half).toString('utf8') + part(size - half, half).toString('utf8'), LONGEST_TRANSCRIPT - 256, size)
  } finally {
    closeSync(fd)
  }
}
