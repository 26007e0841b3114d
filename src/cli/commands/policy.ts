import type { Command } from 'commander'
import { withJson } from '../options.ts'

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
