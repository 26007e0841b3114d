import type { Command } from 'commander'
import { withJson } from '../options.ts'

export interface IssuesFlags {
  readonly results: string
  readonly before?: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

export function issues(program: Command): void {
  withJson(program.command('issues'))
    .description('tell GitHub what a night found: one issue for each runbook that fails, closed when it holds again')
    .option('--results <folder>', 'results of this night; also those in folders `results` below it', '.proofbook/results')
    .option('--before <folders>', 'results of earlier nights, for what was good last; comma-separated')
    .option('--dry-run', 'print what would be told; GitHub is not asked which issues are open')
    .addHelpText('after', `
Examples:
  proofbook issues --dry-run
  proofbook issues --results night/results --before src/content/results`)
    .action(async (flags: IssuesFlags) => {
      const { issuesCommand } = await import('../issues-command.ts')
      await issuesCommand(flags)
    })
}
