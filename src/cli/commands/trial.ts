/** What `mutate` and `abort` take alike. */
import { Option, type Command } from 'commander'
import { gather, withJson, withValues } from '../options.ts'

/** @param lab name of the lab when none is given; @param step what `--step` means */
export function withTrial(command: Command, { lab, step }: { readonly lab: string, readonly step: string }): Command {
  return withJson(withValues(command.argument('<id>', 'a runbook that is verified')))
    .addOption(new Option('--on <target>', 'kind of lab: kind, k3d').default('kind'))
    .option('--cni <name>', 'network of the lab, in place of what the page leaves open')
    .option('--cilium-version <release>', 'pinned release of Cilium, in place of the one that the page was written for')
    .option('--haproxy-version <minor>', 'release of HAProxy, in place of the one that the page was written for')
    .option('--step <name>', step, gather)
    .option('--lab <name>', 'name of the lab; one that runs already is reused', lab)
    .option('--record', 'also write what was found to src/content, to be committed')
    .option('--yes', 'set up what is missing without asking')
}
