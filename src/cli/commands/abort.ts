import type { Command } from 'commander'
import { gather } from '../options.ts'
import type { TrialFlags } from '../verify/trial.ts'
import { withTrial } from './trial.ts'

export interface AbortFlags extends TrialFlags {
  readonly again?: readonly string[]
}

export function abort(program: Command): void {
  withTrial(program.command('abort'), { lab: 'abort', step: 'stop after this step only; may be given more than once' })
    .description('stop a runbook after each of its steps in turn and go back, in a lab; exit 1 names the steps after which one cannot')
    .option('--again <check>', 'also ask this check after the way back, where it held on the way there; may be given more than once', gather)
    .addHelpText('after', `
Examples:
  proofbook abort haproxy/virtual-ip
  proofbook abort cni/flannel-to-cilium --again all-of-it-works-with-flannel --step clean-the-nodes`)
    .action(async (id: string, flags: AbortFlags) => {
      const { abortCommand } = await import('../abort-command.ts')
      await abortCommand(id, flags)
    })
}
