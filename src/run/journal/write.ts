/** Appends to a journal: each line whole or not at all, on the disk before what it announces begins. */
import { closeSync, fdatasync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { JournalFailed } from '../errors.ts'
import { JOURNAL_SCHEMA, type RecordedEvent, type Stamp } from './line.ts'

const flush = promisify(fdatasync)

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
  /** Length of its whole lines in bytes: what follows was torn off when the process died. */
  readonly bytes: number
}

/** Opens a journal to append to, made when it is not there. @throws JournalFailed */
export function openJournal(path: string, end: End = { seq: 0, bytes: 0 }): Journal {
  const opened = performance.now()
  const failed = (error: unknown): never => { throw new JournalFailed(path, error as Error) }
  let [seq, bytes, flushed] = [end.seq, end.bytes, end.seq]
  let fd: number
  try {
    fd = openSync(path, 'a', 0o600)
    ftruncateSync(fd, bytes)
    // The file's name must survive a loss of power too.
    const folder = openSync(dirname(path), 'r')
    fsyncSync(folder)
    closeSync(folder)
  } catch (error) {
    return failed(error)
  }
  let flushing: Promise<void> | undefined

  return {
    get last() { return seq },
    append(event) {
      const stamp: Stamp = { v: JOURNAL_SCHEMA, seq: seq + 1, at: new Date().toISOString(), ms: Math.round(performance.now() - opened) }
      const line = Buffer.from(`${JSON.stringify({ ...stamp, ...event })}\n`)
      try {
        // A disk that is almost full takes a part: the next write then tells why.
        for (let written = 0; written < line.length;) written += writeSync(fd, line, written)
      } catch (error) {
        takeBack(fd, bytes)
        failed(error)
      }
      seq++
      bytes += line.length
    },
    async synced() {
      while (flushed < seq) {
        const upTo = seq
        flushing ??= flush(fd).then(() => { flushed = upTo }, failed).finally(() => { flushing = undefined })
        await flushing
      }
    },
    close: () => closeSync(fd),
  }
}

/** Half a line would do no harm, since readers pass over it; without it the journal is what it says. */
function takeBack(fd: number, bytes: number): void {
  try {
    ftruncateSync(fd, bytes)
  } catch {
    // The first error is the one to tell.
  }
}
