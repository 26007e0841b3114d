import type { Command } from 'commander'
import { withJson } from '../options.ts'

export interface UpdateFlags {
  readonly on?: string
  readonly write?: boolean
  readonly json?: boolean
}

export function update(program: Command): void {
  withJson(program.command('update').argument('<id>', 'runbook'))
    .description('show which expected outputs of a page differ from what its blocks printed last')
    .option('--on <target>', 'take the newest result of this target; of any when not given')
    .option('--write', 'change the page; without it nothing is written')
    .addHelpText('after', `
Examples:
  proofbook update haproxy/external-load-balancer
  proofbook update haproxy/external-load-balancer --on kind --write`)
    .action(async (id: string, flags: UpdateFlags) => {
      const { updatePage } = await import('../author-command.ts')
      await updatePage(id, flags)
    })
}
