/** The cluster that `policy` measures on: a lab's, or that of a kubeconfig. */
import { find } from '../lab/lab.ts'
import { LabError } from '../lab/errors.ts'
import { run } from '../lab/images/run.ts'
import { bringProbeImage } from '../lab/probe.ts'
import type { Kubectl } from '../probe/kubectl.ts'
import { BadInput } from '../runbook/errors.ts'
import type { Screen } from './progress.ts'

export interface ClusterFlags {
  readonly lab?: string
  readonly kubeconfig?: string
  readonly context?: string
}

/**
 * @param probes whether pods are to be started there: then a lab's nodes get the image
 * @throws BadInput for flags that contradict each other, LabError when the lab is not up
 */
export async function clusterFor({ lab: name, kubeconfig, context }: ClusterFlags, screen: Screen, signal: AbortSignal, { probes = true } = {}): Promise<Kubectl> {
  if (name === undefined) {
    const flags = [...kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig], ...context === undefined ? [] : ['--context', context]]
    return (args, options) => run(['kubectl', ...flags, ...args], options)
  }
  if ((kubeconfig ?? context) !== undefined) throw new BadInput('received --lab beside --kubeconfig or --context, expected one of them')
  const lab = await find(name)
  if (lab === undefined) throw new LabError(`no lab "${name}" is up; bring it up: npx proofbook lab up --lab ${name}`)
  if (probes) await bringProbeImage(lab, screen, signal)
  return lab.kubectl
}
