/** What an error means to the one who typed the command. */
import { CommanderError } from 'commander'
import { wasInterrupted } from './interrupt.ts'

/** An error that a reader can act on carries its exit code; any other is a fault of Proofbook. */
interface Expected extends Error {
  readonly exitCode: number
}

export function exitCodeOf(error: unknown): number {
  if (wasInterrupted()) return 130
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (isSuppressed(error)) return exitCodeOf(error.suppressed)
  return isExpected(error) ? error.exitCode : 1
}

/** The text to print; undefined when it was printed already (Commander prints its own). */
export function explain(error: unknown): string | undefined {
  if (error instanceof CommanderError) return undefined
  if (wasInterrupted()) return 'interrupted'
  if (isSuppressed(error)) return [explain(error.suppressed), explain(error.error)].filter(text => text !== undefined).join('\n')
  if (isExpected(error)) return error.message
  const stack = error instanceof Error ? error.stack : String(error)
  return `proofbook: unexpected error, please report it with this text\n${stack}`
}

function isExpected(error: unknown): error is Expected {
  return error instanceof Error && typeof (error as Partial<Expected>).exitCode === 'number'
}

/** An error while cleaning up after another one (`await using`): the first is the one that counts, both are told. */
function isSuppressed(error: unknown): error is Error & { readonly error: unknown, readonly suppressed: unknown } {
  return error instanceof Error && error.name === 'SuppressedError'
}
