/** Everything that happens in a run, written as it happens: events to the journal, output to transcripts. */
import { readdirSync } from 'node:fs'
import { JournalFailed } from '../errors.ts'
import type { RunEvent } from '../events.ts'
import type { RunFolder } from '../folder.ts'
import { openTranscripts } from './transcripts.ts'
import { openJournal, type End } from './write.ts'

export interface Record {
  /** Sequence number of the last event. */
  readonly last: number
  /** @throws JournalFailed */
  write(event: RunEvent): void
  /** Resolves when all of it is safe from a loss of power. @throws JournalFailed */
  synced(): Promise<void>
  close(): void
}

/** @param end where an earlier process of the same run left the journal */
export function openRecord(folder: RunFolder, end?: End): Record {
  const journal = openJournal(folder.journal, end)
  const transcripts = openTranscripts(folder.transcripts, readdirSync(folder.transcripts).length)
  return {
    get last() { return journal.last },
    write(event) {
      try {
        write(event)
      } catch (error) {
        if (!(error instanceof JournalFailed)) throw error
        throw new JournalFailed(folder.path, error.cause as Error, lost(event))
      }
    },
    synced: () => journal.synced(),
    close: () => journal.close(),
  }

  function write(event: RunEvent): void {
    switch (event.event) {
      case 'output':
        return transcripts.write(key(event), event.name, event.chunk)
      case 'attempt':
        transcripts.again(key(event))
        return journal.append(event)
      case 'end': {
        const { transcript: _, sent: __, ...block } = event.block
        const file = transcripts.end(key(block))
        return journal.append({ event: 'end', block, ...file && { transcript: `transcripts/${file}` } })
      }
      default:
        return journal.append(event)
    }
  }
}

const key = ({ name, host }: { readonly name: string, readonly host: string }): string => `${name} ${host}`

/** What nobody will read in the journal. */
function lost(event: RunEvent): string | undefined {
  switch (event.event) {
    case 'start': return `${event.kind} ${event.name} on ${event.host} was not started.`
    case 'end': return `${event.block.kind} ${event.block.name} on ${event.block.host} ended (${event.block.status}), and the journal does not say so: `
      + 'a resumed run takes it as unknown.'
    case 'output': return `${event.name} on ${event.host} was ended in the middle of its output; a resumed run takes it as unknown.`
    default: return undefined
  }
}
