import type { Command } from 'commander'

export interface LogsFlags {
  readonly lab: string
  readonly follow?: boolean
  readonly since?: string
  readonly namespace: string
  readonly export?: string
}

/** `proofbook lab logs [WHAT...]`. */
export function labLogs(group: Command): void {
  group.command('logs')
    .description('what hosts and pods of a lab have logged')
    .argument('[what...]', 'hosts (journal; of a node kubelet and containerd), or pods as kubectl names them, e.g. pod/NAME; every host by default')
    .option('--lab <name>', 'name of the lab', 'lab')
    .option('--follow', 'go on until Ctrl-C')
    .option('--since <age>', 'from so long ago: 90s, 10m, 2h')
    .option('-n, --namespace <name>', 'of the pods', 'default')
    .option('--export <folder>', 'write all logs and facts of the lab into one file there')
    .addHelpText('after', `
Examples:
  proofbook lab logs s1 s2 --since 10m
  proofbook lab logs daemonset/traefik -n kube-system --follow
  proofbook lab logs --export .`)
    .action(async (what: readonly string[], flags: LogsFlags) => {
      const { logs } = await import('../lab-logs.ts')
      await logs(what, flags)
    })
}
