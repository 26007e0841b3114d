/**
 * What became of a page that was stopped after one of its steps and gone back: one line of JSON each. Written by
 * `proofbook abort`, read by the site.
 */
import { appendLine, readLines } from './json-lines.ts'

export interface AbortLine {
  readonly schema: 1
  readonly runbook: string
  readonly target: string
  /** The last step that was done. */
  readonly step: string
  /** SHA-256 of the page: of another text it proves nothing. */
  readonly page: string
  /** What did not hold on the way back. Not there when all was as before. */
  readonly failed?: string
  /** Checks of the page that were asked once more, beside those of before. */
  readonly again?: readonly string[]
  readonly finishedAt: string
}

export const recordAbort = (file: string, line: AbortLine): Promise<void> => appendLine(file, line)

export const readAborts = (file: string): Promise<AbortLine[]> => readLines(file)
