/** Appends to a journal: each line whole or not at all, on the disk before what it announces begins. */
import { closeSync, constants, fdatasync, fsync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { JournalFailed } from '../errors.ts'
import { JOURNAL_SCHEMA, type RecordedEvent, type Stamp } from './line.ts'

const flush = promisify(fdatasync)
const flushFolder = promisify(fsync)

/**
 * Bytes that are written as zeros ahead of the lines. A flush of a file that has grown waits for the file system's own
 * journal, and so for what others write (ext4: 0.3 ms, and 10 ms beside a build); one of a file that has not waits for
 * its own block only (0.1 ms). Readers end at the first zero.
 */
const AHEAD = 32_768

export interface Journal {
  /** Sequence number of the last line. */
  readonly last: number
  /** @throws JournalFailed when the line cannot be written; what was written of it is taken back */
  append(event: RecordedEvent): void
  /**
   * Resolves when every line so far is on the disk, safe from a loss of power. Lines that were appended meanwhile by
   * others are flushed by the same call.
   * @throws JournalFailed
   */
  synced(): Promise<void>
  close(): void
}

/** Where an earlier process left a journal. */
export interface End {
  /** Sequence number of its last line, 0 when it has none. */
  readonly seq: number
  /** Length of its whole lines in bytes: what follows was torn off, or written ahead, when the process died. */
  readonly bytes: number
}

/** Opens a journal to append to, made when it is not there. @throws JournalFailed */
export function openJournal(path: string, end: End = { seq: 0, bytes: 0 }): Journal {
  const opened = performance.now()
  const failed = (error: unknown): never => { throw new JournalFailed(path, error as Error) }
  let [seq, bytes, flushed] = [end.seq, end.bytes, end.seq]
  let size = bytes
  let fd: number
  let named: Promise<void> | undefined
  try {
    fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)
    ftruncateSync(fd, bytes)
    // The file's name must survive a loss of power too.
    const folder = openSync(dirname(path), 'r')
    named = flushFolder(folder).finally(() => closeSync(folder))
    named.catch(() => undefined)
  } catch (error) {
    return failed(error)
  }
  let flushing: Promise<void> | undefined

  const shrink = (): void => {
    ftruncateSync(fd, bytes)
    size = bytes
  }
  /** A disk without room for that may have room for a line. */
  const reserve = (): void => {
    try {
      const zeros = Buffer.alloc(AHEAD)
      size += writeSync(fd, zeros, 0, zeros.length, size)
    } catch {
      takeBack(shrink)
    }
  }

  return {
    get last() { return seq },
    append(event) {
      const stamp: Stamp = { v: JOURNAL_SCHEMA, seq: seq + 1, at: new Date().toISOString(), ms: Math.round(performance.now() - opened) }
      const line = Buffer.from(`${JSON.stringify({ ...stamp, ...event })}\n`)
      if (bytes + line.length > size) reserve()
      try {
        // A disk that is almost full takes a part: the next write then tells why.
        for (let written = 0; written < line.length;) written += writeSync(fd, line, written, line.length - written, bytes + written)
      } catch (error) {
        takeBack(shrink)
        failed(error)
      }
      seq++
      bytes += line.length
      size = Math.max(size, bytes)
    },
    async synced() {
      if (named) await named.then(() => { named = undefined }, failed)
      while (flushed < seq) {
        const upTo = seq
        flushing ??= flush(fd).then(() => { flushed = upTo }, failed).finally(() => { flushing = undefined })
        await flushing
      }
    },
    close() {
      takeBack(shrink)
      closeSync(fd)
    },
  }
}

/** Half a line, and zeros, do no harm, since readers pass over them; without them the journal is what it says. */
function takeBack(shrink: () => void): void {
  try {
    shrink()
  } catch {
    // The first error is the one to tell.
  }
}
