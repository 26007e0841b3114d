import type { Command } from 'commander'
import { withJson, withValues, type ValueOptions } from '../options.ts'

export interface RunFlags extends ValueOptions {
  readonly target: string
  readonly inventory?: string
  readonly lab: string
  readonly from?: string
  readonly until?: string
  readonly only?: string
  readonly yes?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
}

export function run(program: Command): void {
  withJson(withValues(program.command('run').argument('<id>', 'runbook, or a script that extract wrote')))
    .description('run a runbook and keep what it does, asking before each step')
    .option('--target <name>', 'hosts (your machines by ssh), kind (a lab that is up) or local (this machine stands for all)', 'hosts')
    .option('--inventory <file>', 'with --target hosts: YAML that names your machines')
    .option('--lab <name>', 'with --target kind: name of the lab', 'lab')
    .option('--from <name>', 'start at this step or check')
    .option('--until <name>', 'end with this step and its checks')
    .option('--only <name>', 'run only this step or check')
    .option('--yes', 'do not ask: run every step')
    .option('--dry-run', 'print every command with its values, run nothing')
    .addHelpText('after', `
Examples:
  proofbook run haproxy/external-load-balancer --target hosts --inventory home.yaml
  proofbook run haproxy/external-load-balancer --dry-run --set lb=192.168.0.10`)
    .action(async (id: string, flags: RunFlags) => {
      const { runCommand } = await import('../run-command.ts')
      await runCommand(id, flags)
    })
}
