/** A probe in the form that a lab's readiness asks for. */
import { probeCluster, type ClusterProbeOptions } from './cluster.ts'
import type { Kubectl } from './kubectl.ts'
import { problemsOf } from './result.ts'

/** What the network lacks, one line each; empty when pods, Services, DNS and MTU are as they must be. */
export async function networkProblems(kubectl: Kubectl, options: ClusterProbeOptions = {}): Promise<string[]> {
  try {
    return problemsOf(await probeCluster(kubectl, options))
  } catch (error) {
    options.signal?.throwIfAborted()
    return [`probe: ${(error as Error).message.split('\n')[0]}`]
  }
}
