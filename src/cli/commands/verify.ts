import { Option, type Command } from 'commander'
import type { AxesFlags } from '../axes.ts'
import { withJson, withValues, type ValueOptions } from '../options.ts'

export interface VerifyFlags extends ValueOptions, AxesFlags {
  readonly lab: string
  readonly keep?: boolean
  readonly record?: boolean
  readonly from?: string
  readonly junit?: string
  readonly since?: string
  readonly shard?: string
  readonly parallel?: string
  readonly retries?: string
  readonly report?: string
  readonly reportDir: string
  readonly list?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

export function verify(program: Command): void {
  withJson(withValues(program.command('verify').argument('[ids...]', 'runbooks, or chapters for all of their pages; every one of the target when none is named')))
    .description('prove runbooks in labs: run them, break things, undo it, and compare with the state before')
    .addOption(new Option('--on <targets>', 'kinds of lab: kind, k3d').default('kind'))
    .option('--cni <names>', 'networks of the labs, in place of what a page leaves open: flannel, cilium, ...')
    .option('--cilium-version <releases>', 'pinned releases of Cilium where it is the network, in place of the one that a page was written for: 1.19,1.20')
    .option('--haproxy-version <minors>', 'releases of HAProxy for pages about it, in place of the one that they were written for: 2.6,3.2')
    .option('--agents <number>', 'agents of the cluster, in place of the two of a page about agents: does it hold on one of your size?')
    .option('--lab <name>', 'name of the lab; one that runs already is reused', 'lab')
    .option('--keep', 'leave the lab up, also after a failure')
    .option('--from <name>', 'start at this step or check, in a lab that --keep left')
    .option('--since <revision>', 'only pages that changes since then can have broken')
    .option('--shard <i/n>', 'only the i-th of n parts, as `proofbook matrix --shards N` plans them')
    .option('--parallel <number>', 'labs side by side; pages are dealt out to them by the time that they took before', '1')
    .option('--retries <number>', 'try again what did not hold; what holds only then is flaky, never verified', '0')
    .option('--record', 'also write the result to src/content/results, to be committed')
    .option('--junit <file>', 'also write the result as JUnit XML')
    .option('--report <forms>', 'reports about all of them: json, junit, html, github')
    .option('--report-dir <folder>', 'where reports go', '.proofbook/report')
    .option('--list', 'print what would be verified, in this order, and stop')
    .option('--yes', 'set up what is missing without asking')
    .addHelpText('after', `
Examples:
  proofbook verify haproxy/external-load-balancer --on kind
  proofbook verify haproxy nodes --on kind
  proofbook verify cni/flannel-to-cilium --agents 4
  proofbook verify --on kind --since origin/main --report junit,github
  proofbook verify haproxy/external-load-balancer --keep --junit result.xml`)
    .action(async (ids: string[], flags: VerifyFlags) => {
      const { verifyCommand } = await import('../verify-command.ts')
      await verifyCommand(ids, flags)
    })
}
