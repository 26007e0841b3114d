import type { Command } from 'commander'

/** `proofbook lab shell HOST [-- COMMAND...]`. */
export function labShell(group: Command): void {
  group.command('shell')
    .description('a shell on a host of a lab, or one command there; its exit code is passed through')
    .argument('<host>', 'name of the host, e.g. s1')
    .argument('[command...]', 'after --: what to run in place of a shell')
    .option('--lab <name>', 'name of the lab', 'lab')
    .addHelpText('after', '\nExamples:\n  proofbook lab shell client\n  proofbook lab shell s1 -- crictl ps')
    .action(async (host: string, command: readonly string[], { lab }: { lab: string }) => {
      const { shell } = await import('../lab-shell.ts')
      process.exitCode = await shell(lab, host, command)
    })
}
