import type { Command } from 'commander'
import { withJson } from '../options.ts'

export interface BumpFlags {
  readonly to?: string
  readonly write?: boolean
  readonly json?: boolean
}

export function versions(program: Command): void {
  withJson(program.command('versions').argument('[components...]', 'all when none is named'))
    .description('list what labs and Proofbook itself are pinned to, newer releases that registries show, and for how long each is supported')
    .addHelpText('after', '\nExample:\n  proofbook versions cilium kubernetes')
    .action(async (names: string[], flags: { json?: boolean }) => {
      const { versionsCommand } = await import('../versions-command.ts')
      await versionsCommand(names, flags)
    })
}

export function bump(program: Command): void {
  withJson(program.command('bump').argument('<component>', 'as versions names it'))
    .description('put another release into the pins of this checkout, and say which runbooks to verify with it')
    .option('--to <release>', 'in place of the newest patch that a registry shows')
    .option('--write', 'write it; without, only the difference is shown')
    .addHelpText('after', '\nExample:\n  proofbook bump traefik --to v3.6.13 --write')
    .action(async (name: string, flags: BumpFlags) => {
      const { bumpCommand } = await import('../versions-command.ts')
      await bumpCommand(name, flags)
    })
}
