/** Reads a journal back, however its process ended. */
import { readFileSync } from 'node:fs'
import { BadInput } from '../../runbook/errors.ts'
import { JOURNAL_SCHEMA, type JournalLine } from './line.ts'
import type { End } from './write.ts'

export interface ReadJournal {
  readonly lines: readonly JournalLine[]
  /** Where to go on writing. */
  readonly end: End
  /** The process died while it wrote a last line: that event was not recorded. */
  readonly torn: boolean
}

/** @throws BadInput with the line when the journal is not one, has a gap, or is of another schema */
export function readJournal(path: string): ReadJournal {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new BadInput(`journal ${path}: ${(error as Error).message}`, { cause: error })
  }
  // Zeros are what was written ahead, or what a loss of power left of lines that nobody waited for: no line has any.
  const zero = bytes.indexOf(0)
  const written = zero < 0 ? bytes : bytes.subarray(0, zero)
  const whole = written.lastIndexOf('\n') + 1
  const rows = bytes.subarray(0, whole).toString('utf8').split('\n').slice(0, -1)
  const lines = rows.map((row, index) => lineOf(path, row, index + 1))
  return { lines, end: { seq: lines.length, bytes: whole }, torn: whole < written.length }
}

function lineOf(path: string, row: string, seq: number): JournalLine {
  const wrong = (received: string, expected: string): never => {
    throw new BadInput(`${path}:${seq}: received ${received}, expected ${expected}; the journal was changed or damaged, `
      + 'and what it says can no longer be relied on')
  }
  let line: Partial<JournalLine>
  try {
    line = JSON.parse(row) as Partial<JournalLine>
  } catch {
    return wrong('no JSON', `event ${seq} as one JSON object`)
  }
  if (line?.v !== JOURNAL_SCHEMA) return wrong(`schema ${line?.v ?? 'none'}`, `schema ${JOURNAL_SCHEMA}`)
  if (line.seq !== seq) return wrong(`event ${line.seq}`, `event ${seq}`)
  return line as JournalLine
}
