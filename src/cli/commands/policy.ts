import type { Command } from 'commander'
import { gather, withJson } from '../options.ts'

export function policy(program: Command): void {
  const group = program.command('policy').description('prove what NetworkPolicies allow and deny')
  withJson(group.command('matrix'))
    .description('measure every flow of a matrix without its policies, with them, and without them again; exit 1 names the cells that differ')
    .argument('<file>', 'YAML: pods, policies, flows')
    .option('--lab <name>', 'measure in this lab')
    .option('--kubeconfig <file>', 'measure on the cluster of this kubeconfig; KUBECONFIG or ~/.kube/config when neither is given')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--timeout <seconds>', 'a flow without an answer for so long is dropped', '1')
    .option('--within <seconds>', 'time that the network has to make policies work', '20')
    .option('--junit <file>', 'also write a JUnit case for each cell')
    .option('--svg <file>', 'also write a heat map')
    .addHelpText('after', '\nExample:\n  proofbook policy matrix shop.yaml --svg shop.svg')
    .action(async (file: string, flags: MatrixFlags) => {
      const { policyMatrix } = await import('../policy-matrix.ts')
      await policyMatrix(file, flags)
    })
  withJson(group.command('mutate'))
    .description('change each rule, selector and port of a matrix\'s policies in turn; exit 1 names those that no flow tests. Needs no cluster')
    .argument('<file>', 'YAML: pods, policies, flows')
    .addHelpText('after', '\nExample:\n  proofbook policy mutate shop.yaml')
    .action(async (file: string, flags: { json?: boolean }) => {
      const { policyMutate } = await import('../policy-mutate.ts')
      await policyMutate(file, flags)
    })
  withJson(group.command('audit'))
    .description('find policies that do not do what they say, and pods that no policy selects, by reading a cluster or its files; exit 1 when something is an error')
    .option('--files <path>', 'YAML file, or folder of them')
    .option('--lab <name>', 'read this lab')
    .option('--kubeconfig <file>', 'read the cluster of this kubeconfig')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--namespace <name>', 'only findings of this namespace; may be given more than once', gather)
    .option('--pod-range <cidr>', 'network of the pods, where nodes do not tell it; may be given more than once', gather)
    .addHelpText('after', '\nExample:\n  proofbook policy audit --files deploy/')
    .action(async (flags: AuditFlags) => {
      const { policyAudit } = await import('../policy-audit.ts')
      await policyAudit(flags)
    })
}

export interface AuditFlags {
  readonly json?: boolean
  readonly files?: string
  readonly lab?: string
  readonly kubeconfig?: string
  readonly context?: string
  readonly namespace?: readonly string[]
  readonly podRange?: readonly string[]
}

export interface MatrixFlags {
  readonly json?: boolean
  readonly lab?: string
  readonly kubeconfig?: string
  readonly context?: string
  readonly timeout: string
  readonly within: string
  readonly junit?: string
  readonly svg?: string
}
