/**
 * What became of a page when one of its steps was left out: one line of JSON each. Written by `proofbook mutate`, read by
 * the site.
 */
import { appendLine, readLines } from './json-lines.ts'

export interface LeftOut {
  readonly schema: 1
  readonly runbook: string
  readonly target: string
  readonly step: string
  /** SHA-256 of the page with all of its steps: of another text it proves nothing. */
  readonly page: string
  /** What missed the step: `check answers`, or the step that could not go on. Not there when everything held without it. */
  readonly caughtBy?: string
  readonly finishedAt: string
}

export const recordLeftOut = (file: string, line: LeftOut): Promise<void> => appendLine(file, line)

export const readLeftOut = (file: string): Promise<LeftOut[]> => readLines(file)
