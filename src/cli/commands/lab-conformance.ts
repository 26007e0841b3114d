import type { Command } from 'commander'

/** @param sub a new command of `lab`, with the options that all of them have */
export function labConformance(sub: (name: string, description: string, example: string) => Command): void {
  sub('conformance', 'run Kubernetes\' own conformance cases of the network on a lab', 'conformance --focus "DNS for services" --junit conformance.xml')
    .option('--focus <regex>', 'cases to run, by name; by default all of [sig-network] that are [Conformance]')
    .option('--skip <regex>', 'of these, cases to leave out')
    .option('--timeout <duration>', 'for all of them together, e.g. 20m', '90m')
    .option('--junit <file>', 'write JUnit there')
    .action(async (flags: { lab: string, json?: boolean, focus?: string, skip?: string, timeout?: string, junit?: string }) => {
      const { labConformance: run } = await import('../conformance-command.ts')
      await run(flags)
    })
}
