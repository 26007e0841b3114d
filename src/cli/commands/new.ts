import type { Command } from 'commander'
import { withJson } from '../options.ts'

export function create(program: Command): void {
  withJson(program.command('new').argument('<id>', 'chapter and name of the page, e.g. haproxy/second-address'))
    .description('begin a runbook: a page that passes check and verifies as it stands')
    .addHelpText('after', '\nExample:\n  proofbook new haproxy/second-address')
    .action(async (id: string, options: { json?: boolean }) => {
      const { newPage } = await import('../author-command.ts')
      await newPage(id, options)
    })
}
