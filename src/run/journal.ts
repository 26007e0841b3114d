/** Everything that happens in a run, one JSON object a line, written as it happens: a killed run leaves a readable one. */
import { closeSync, openSync, writeSync } from 'node:fs'
import type { RunEvent } from './events.ts'
import type { RunFolder } from './folder.ts'
import { writeTranscript } from './transcript.ts'

export interface Journal {
  write(event: RunEvent): void
  close(): void
}

/** Transcripts are too long for a line: each goes to a file of its own, which the `end` line names. */
export function openJournal(folder: RunFolder): Journal {
  const fd = openSync(folder.journal, 'a')
  let ended = 0
  return {
    write(event) {
      if (event.event === 'output') return
      const at = new Date().toISOString()
      if (event.event !== 'end') return append(fd, { at, ...event })
      const { transcript, sent, ...block } = event.block
      const file = block.attempts === 0 ? undefined : writeTranscript(folder.transcripts, ++ended, block.name, transcript)
      append(fd, { at, event: 'end', block, ...file && { transcript: `transcripts/${file}` } })
    },
    close: () => closeSync(fd),
  }
}

function append(fd: number, line: object): void {
  writeSync(fd, `${JSON.stringify(line)}\n`)
}
