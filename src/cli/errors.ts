/** What an error means to the one who typed the command. */
import { CommanderError } from 'commander'

/** An error that a reader can act on carries its exit code; any other is a fault of Proofbook. */
interface Expected extends Error {
  readonly exitCode: number
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  return isExpected(error) ? error.exitCode : 1
}

/** The text to print; undefined when it was printed already (Commander prints its own). */
export function explain(error: unknown): string | undefined {
  if (error instanceof CommanderError) return undefined
  if (isExpected(error)) return error.message
  const stack = error instanceof Error ? error.stack : String(error)
  return `proofbook: unexpected error, please report it with this text\n${stack}`
}

function isExpected(error: unknown): error is Expected {
  return error instanceof Error && typeof (error as Partial<Expected>).exitCode === 'number'
}
