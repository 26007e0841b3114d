/**
 * Which mutants a run of verification caught, one line of JSON each. A mutant is a patch that makes a page wrong in one
 * place; it is caught when the page then fails at the block that the patch names. Written by test/e2e/mutants.test.ts.
 */
import { createHash } from 'node:crypto'
import { appendLine, readLines } from './json-lines.ts'
import type { Result } from './result.ts'

export interface CaughtMutant {
  readonly schema: 1
  readonly runbook: string
  /** File name of the patch without its ending. */
  readonly mutant: string
  /** SHA-256 of the page before the patch, and of the patch: of another page or patch it proves nothing. */
  readonly page: string
  readonly patch: string
  /** `check answers-after-the-start` */
  readonly caughtBy: string
  readonly finishedAt: string
}

export const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex')

export const recordMutant = (file: string, mutant: CaughtMutant): Promise<void> => appendLine(file, mutant)

export const readMutants = (file: string): Promise<CaughtMutant[]> => readLines(file)

/** What a page failed at: a block by kind and name, or what was compared when all blocks had held; undefined when nothing did. */
export function caughtBy({ verdict, failure, leftBehind, secondPass = [] }: Result): string | undefined {
  if (failure !== undefined) return `${failure.kind} ${failure.name}`
  if (verdict !== 'failed') return undefined
  return secondPass.length > 0 ? 'the second pass' : leftBehind.length > 0 ? 'the inventory before and after' : 'the downtime budget'
}
