import type { Command } from 'commander'
import type { TrialFlags } from '../verify/trial.ts'
import { withTrial } from './trial.ts'

export type MutateFlags = TrialFlags

export function mutate(program: Command): void {
  withTrial(program.command('mutate'), { lab: 'mutate', step: 'only this step; may be given more than once' })
    .description('leave out each step of a runbook in turn and verify the rest in a lab; exit 1 names those that no check misses')
    .addHelpText('after', `
Examples:
  proofbook mutate haproxy/virtual-ip
  proofbook mutate haproxy/virtual-ip --step bring-up --step listen`)
    .action(async (id: string, flags: MutateFlags) => {
      const { mutateCommand } = await import('../mutate-command.ts')
      await mutateCommand(id, flags)
    })
}
