/** Commands with their options; what a command does is imported when it is called, so that --help is fast. */
import { Command } from 'commander'
import { commands } from './commands/index.ts'
import { version } from './version.ts'

/** @param only name of the one command that is called: the others need not be loaded. Every command where it names none. */
export async function createProgram(only = ''): Promise<Command> {
  const program = new Command('proofbook')
    .description('Networking runbooks for Kubernetes that prove themselves.')
    .version(version())
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText('after', `
Examples:
  proofbook list
  proofbook show haproxy/external-load-balancer
  proofbook verify haproxy/external-load-balancer --on kind

Exit codes: 0 ok, 1 a step failed, 2 usage or bad input, 3 preflight unmet or the lab broke, 130 interrupted`)
  const wanted = Object.hasOwn(commands, only) ? [commands[only]!] : Object.values(commands)
  for (const register of await Promise.all(wanted.map(load => load()))) register(program)
  return program
}
