import { Argument, type Command } from 'commander'
import type { UpFlags } from '../lab-spec.ts'
import { withJson } from '../options.ts'
import { labConformance } from './lab-conformance.ts'
import { labImages } from './lab-images.ts'
import { labList } from './lab-list.ts'
import { labLogs } from './lab-logs.ts'
import { labProbe } from './lab-probe.ts'
import { labShell } from './lab-shell.ts'

interface LabFlags {
  readonly lab: string
  readonly json?: boolean
}

interface DownFlags {
  readonly all?: boolean
  readonly here?: boolean
}

export function lab(program: Command): void {
  const group = program.command('lab')
    .description('bring up, look at, power and remove a lab')
    .addHelpText('after', '\nExample:\n  proofbook lab up && proofbook lab power cut s2 && proofbook lab status')
  const sub = (name: string, description: string, example: string): Command => withJson(group.command(name))
    .description(description)
    .option('--lab <name>', 'name of the lab', 'lab')
    .addHelpText('after', `\nExample:\n  proofbook lab ${example}`)

  sub('up', 'bring up a lab, or say that it is up', 'up')
    .option('--target <name>', 'what makes the cluster', 'kind')
    .option('--topology <name>', 'hosts and roles of the lab: load-balancer, two-load-balancers, cluster, cluster-and-outside, no-cluster', 'load-balancer')
    .option('--cni <name>', 'flannel, cilium, kindnet, calico or none; any: what the node image brings', 'any')
    .option('--cilium-version <version>', 'a pinned minor or version, e.g. 1.19, or several: 1.19,1.20; images are on the nodes with every CNI')
    .option('--haproxy-version <minor>', 'the HAProxy that hosts offer to install: 2.6 with Debian 12, 3.2 with Debian 13')
    .option('--servers <1|3>', 'other than the topology has')
    .option('--agents <number>', 'other than the topology has')
    .option('--hosts <names>', 'machines beside the cluster: lb, lb2, outside; client is always there')
    .option('--egress', 'let packets of nodes leave this machine; a lab is closed otherwise')
    .option('--yes', 'set up what is missing without asking')
    .action(async (flags: UpFlags) => {
      const { labUp } = await import('../lab-command.ts')
      await labUp(flags)
    })
  sub('status', 'hosts, versions and problems of a lab; exit 3 when it is not up or not well', 'status --json')
    .action(async (flags: LabFlags) => {
      const { labStatus } = await import('../lab-command.ts')
      await labStatus(flags)
    })
  sub('down', 'remove a lab with all that belongs to it', 'down --all')
    .option('--all', 'every lab of this machine, and what was left of others')
    .option('--here', 'with --all: only those whose files are in this folder')
    .action(async (flags: LabFlags & DownFlags) => {
      if (flags.all) await (await import('../lab-down-all.ts')).labDownAll(flags)
      else await (await import('../lab-command.ts')).labDown(flags)
    })
  labList(group)
  labLogs(group)
  labShell(group)
  sub('reset', 'put a lab back into the state in which it was made', 'reset')
    .action(async (flags: LabFlags) => {
      const { labReset } = await import('../lab-reset.ts')
      await labReset(flags)
    })
  sub('power', 'cut, switch off or switch on a host of a lab', 'power cut s2')
    .addArgument(new Argument('<action>', 'cut: pull the plug, off: orderly, on').choices(['cut', 'off', 'on']))
    .argument('<host>', 'name of the host, e.g. s2')
    .action(async (action: 'cut' | 'off' | 'on', host: string, flags: LabFlags) => {
      const { labPower } = await import('../lab-command.ts')
      await labPower(action, host, flags)
    })
  labImages(group)
  labProbe(sub)
  labConformance(sub)
}
