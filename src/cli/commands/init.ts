import type { Command } from 'commander'
import { withJson } from '../options.ts'

export function init(program: Command): void {
  withJson(program.command('init'))
    .description('make a repository one that verifies its runbooks: settings, a sample and a workflow; writes over nothing')
    .addHelpText('after', '\nExample:\n  proofbook init')
    .action(async (options: { json?: boolean }) => {
      const { initCommand } = await import('../init-command.ts')
      await initCommand(options)
    })
}
