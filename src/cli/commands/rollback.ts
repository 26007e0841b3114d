import type { Command } from 'commander'
import { gather, withJson } from '../options.ts'

export interface RollbackFlags {
  readonly to?: string
  readonly values?: string
  readonly done?: readonly string[]
  readonly leave?: readonly string[]
  readonly yes?: boolean
  readonly breakLock?: boolean
  readonly json?: boolean
}

export function rollback(program: Command): void {
  withJson(program.command('rollback').argument('<run>', 'id of a run, the beginning of it, or last'))
    .description('undo what a run did, last step first, asking before each')
    .option('--to <step>', 'the last step that stays; everything is undone when not given')
    .option('--done <step>', 'this step, of which it is open whether it was done, was: undo it; may be repeated', gather)
    .option('--leave <step>', 'this step was not done: leave it alone; may be repeated', gather)
    .option('--values <file>', 'secrets from a YAML file: a map of names to values')
    .option('--yes', 'do not ask')
    .option('--break-lock', 'take the lock over from a run whose process is gone')
    .addHelpText('after', `
Examples:
  proofbook rollback last
  proofbook rollback 20261121-143012-haproxy-external-load-balancer --to configure`)
    .action(async (run: string, flags: RollbackFlags) => {
      const { rollbackCommand } = await import('../rollback-command.ts')
      await rollbackCommand(run, flags)
    })
}
