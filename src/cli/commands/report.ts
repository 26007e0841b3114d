import type { Command } from 'commander'
import { withJson } from '../options.ts'

export interface MergeFlags {
  readonly output: string
  readonly attested?: string
  readonly json?: boolean
}

export interface TrendsFlags {
  readonly history?: string
  readonly json?: boolean
}

/** `report …`: what many machines and many nights found out. */
export function report(program: Command): void {
  const group = program.command('report').description('put the results of many machines and nights together')
    .addHelpText('after', '\nExample:\n  proofbook report merge shards/*/ --output .proofbook')
  withJson(group.command('merge'))
    .description('merge folders of results and histories, in any order, and lose no entry; exit 1 when a file is refused')
    .argument('<folders...>', 'each as .proofbook is: results/*.json and history.jsonl')
    .requiredOption('-o, --output <folder>', 'where to; what it holds already is merged too')
    .option('--attested <command>', 'a file of results or history counts only when this command, with the file behind it, ends with 0')
    .addHelpText('after', `
Examples:
  proofbook report merge shards/*/ --output .proofbook
  proofbook report merge shards/*/ -o .proofbook --attested 'gh attestation verify --repo OWNER/NAME'`)
    .action(async (folders: string[], flags: MergeFlags) => {
      const { reportMerge } = await import('../report-command.ts')
      await reportMerge(folders, flags)
    })
  withJson(group.command('trends'))
    .description('how long each runbook takes, how often it failed or only held the second time, and its downtime')
    .argument('[ids...]', 'runbooks; all when none is named')
    .option('--history <file>', 'in place of .proofbook/history.jsonl')
    .addHelpText('after', '\nExample:\n  proofbook report trends haproxy/high-availability')
    .action(async (ids: string[], flags: TrendsFlags) => {
      const { reportTrends } = await import('../report-command.ts')
      await reportTrends(ids, flags)
    })
}
