import { Option, type Command } from 'commander'
import { withJson } from '../options.ts'

export interface MatrixFlags {
  readonly on: string
  readonly cni?: string
  readonly ciliumVersion?: string
  readonly haproxyVersion?: string
  readonly shards?: string
  readonly within?: string
  readonly format?: string
  readonly image: string
  readonly repository: string
  readonly revision: string
  readonly json?: boolean
}

export function matrix(program: Command): void {
  withJson(program.command('matrix').argument('[ids...]', 'runbooks, or chapters for all of their pages; every one when none is named'))
    .description('plan a night: which runbook is verified where, in shards that end at the same time')
    .option('--on <targets>', 'kinds of lab: kind, k3d', 'kind,k3d')
    .option('--cni <names>', 'networks of the labs, in place of what a page leaves open: flannel, cilium, ...')
    .option('--cilium-version <releases>', 'pinned releases of Cilium where it is the network: 1.19,1.20')
    .option('--haproxy-version <minors>', 'releases of HAProxy for pages about it, in place of the one that they were written for: 2.6,3.2')
    .addOption(new Option('--shards <number>', 'machines').conflicts('within'))
    .option('--within <duration>', 'the fewest shards that end in this time, such as 60m')
    .option('--format <engine>', 'what runs the shards: github, gitlab, argo, jobset')
    .option('--image <name>', 'of a shard\'s container: Debian with Node and git', 'node:24-bookworm')
    .option('--repository <url>', 'where a shard gets the book from', 'https://github.com/proofbook/proofbook')
    .option('--revision <name>', 'branch, tag or commit', 'main')
    .addHelpText('after', `
Examples:
  proofbook matrix --within 30m
  proofbook matrix --on kind --shards 6 --format github
  proofbook verify --on kind --shard 2/6`)
    .action(async (ids: string[], flags: MatrixFlags) => {
      const { matrixCommand } = await import('../matrix-command.ts')
      await matrixCommand(ids, flags)
    })
}
