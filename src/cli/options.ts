/** Options that several commands share. */
import type { Command } from 'commander'

export interface ValueOptions {
  /** `name=value`, as often as given. */
  readonly set?: readonly string[]
  readonly values?: string
}

export function withValues(command: Command): Command {
  return command
    .option('--set <name=value>', 'value of a variable; may be given more than once', gather)
    .option('--values <file>', 'values from a YAML file: a map of names to values')
}

export function withJson(command: Command): Command {
  return command.option('--json', 'print one JSON document on standard output and nothing else there')
}

/** An option that may be given more than once. */
export function gather(given: string, before: readonly string[] = []): readonly string[] {
  return [...before, given]
}
