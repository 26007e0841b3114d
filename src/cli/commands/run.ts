import type { Command } from 'commander'
import { gather, withJson, withValues, type ValueOptions } from '../options.ts'

export interface RunFlags extends ValueOptions {
  readonly target: string
  readonly inventory?: string
  readonly context?: string
  readonly lab: string
  readonly from?: string
  readonly until?: string
  readonly only?: string
  readonly step?: string
  readonly tags?: string
  readonly yes?: boolean
  readonly allowDestructive?: boolean
  readonly breakLock?: boolean
  readonly resume?: string
  readonly done?: readonly string[]
  readonly again?: readonly string[]
  readonly dryRun?: boolean
  readonly json?: boolean
}

export function run(program: Command): void {
  withJson(withValues(program.command('run').argument('[id]', 'runbook, or a script that extract wrote')))
    .description('run a runbook and keep what it does, asking before each step')
    .option('--target <name>', 'hosts (your machines by ssh), kind or k3d (a lab that is up) or local (this machine stands for all)', 'hosts')
    .option('--inventory <file>', 'with --target hosts: YAML that names your machines')
    .option('--context <name>', 'with --target hosts: context of the kubeconfig, in place of the one of the inventory')
    .option('--lab <name>', 'with --target kind or k3d: name of the lab', 'lab')
    .option('--from <name>', 'start at this step or check')
    .option('--until <name>', 'end with this step and its checks')
    .option('--only <name>', 'run only this step or check')
    .option('--step <name>', 'run only this step and its checks')
    .option('--tags <names>', 'run only steps with one of these tags, and their checks: a,b')
    .option('--yes', 'do not ask: run every step, and stop at one that is destructive')
    .option('--allow-destructive', 'with --yes: run destructive steps too')
    .option('--resume <run>', 'go on with a run that ended early: its id, the beginning of it, or last')
    .option('--done <step>', 'with --resume: this step, in flight when the run ended, is done; may be repeated', gather)
    .option('--again <step>', 'with --resume: run this step again; may be repeated', gather)
    .option('--break-lock', 'take the lock over from a run whose process is gone')
    .option('--dry-run', 'print every command with its values, run nothing')
    .addHelpText('after', `
Examples:
  proofbook run haproxy/external-load-balancer --target hosts --inventory home.yaml
  proofbook run haproxy/external-load-balancer --dry-run --set lb=192.168.0.10
  proofbook run --resume last`)
    .action(async (id: string | undefined, flags: RunFlags) => {
      const { runCommand } = await import('../run-command.ts')
      await runCommand(id, flags)
    })
}
