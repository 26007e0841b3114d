import type { Command } from 'commander'
import { withJson } from '../options.ts'

export interface CheckFlags {
  readonly watch?: boolean
  readonly json?: boolean
}

export function check(program: Command): void {
  withJson(program.command('check').argument('[paths...]', 'pages, chapters or folders; all runbooks when not given'))
    .description('check runbooks without running anything: exit 2 when one has an error')
    .option('--watch', 'check a page again each time it is saved, until Ctrl-C')
    .addHelpText('after', `
Examples:
  proofbook check runbooks/haproxy/external-load-balancer.mdx
  proofbook check haproxy
  proofbook check --watch`)
    .action(async (paths: string[], flags: CheckFlags) => {
      const { checkCommand } = await import('../check-command.ts')
      await checkCommand(paths, flags)
    })
}
