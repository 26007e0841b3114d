import { Option, type Command } from 'commander'
import { withJson, withValues, type ValueOptions } from '../options.ts'

export interface VerifyFlags extends ValueOptions {
  readonly on: string
  readonly lab: string
  readonly keep?: boolean
  readonly record?: boolean
  readonly from?: string
  readonly junit?: string
  readonly yes?: boolean
  readonly json?: boolean
}

export function verify(program: Command): void {
  withJson(withValues(program.command('verify').argument('<id>', 'runbook')))
    .description('prove a runbook in a lab: run it, break things, undo it, and compare with the state before')
    .addOption(new Option('--on <target>', 'kind of lab: kind or k3d').default('kind'))
    .option('--lab <name>', 'name of the lab; one that runs already is reused', 'lab')
    .option('--keep', 'leave the lab up, also after a failure')
    .option('--from <name>', 'start at this step or check, in a lab that --keep left')
    .option('--record', 'also write the result to src/content/results, to be committed')
    .option('--junit <file>', 'also write the result as JUnit XML')
    .option('--yes', 'set up what is missing without asking')
    .addHelpText('after', `
Examples:
  proofbook verify haproxy/external-load-balancer --on kind
  proofbook verify haproxy/external-load-balancer --keep --junit result.xml`)
    .action(async (id: string, flags: VerifyFlags) => {
      const { verifyCommand } = await import('../verify-command.ts')
      await verifyCommand(id, flags)
    })
}
