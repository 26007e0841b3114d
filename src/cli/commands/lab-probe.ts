import type { Command } from 'commander'

/** @param sub a new command of `lab`, with the options that all of them have */
export function labProbe(sub: (name: string, description: string, example: string) => Command): void {
  sub('probe', 'ask the network of a lab all that Kubernetes promises, and whether it enforces NetworkPolicy', 'probe --json')
    .option('--expect <verdict>', 'fail when NetworkPolicy is not: enforced or not-enforced')
    .action(async (flags: { lab: string, json?: boolean, expect?: string }) => {
      const { labProbe: run } = await import('../probe-command.ts')
      await run(flags)
    })
}
