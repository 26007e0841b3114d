/** What set-up decides upon: doctor's facts, less what has to be tried out. */
import type { CiliumReleases } from '../images/cilium/release.ts'
import type { HaproxyRelease } from '../images/haproxy.ts'
import { dockerFacts, type DockerFacts } from '../doctor/docker.ts'
import { buildsFor, imageFacts } from '../doctor/images.ts'
import { limits, type KernelFacts } from '../doctor/kernel.ts'
import { machineFacts, type MachineFacts } from '../doctor/machine.ts'
import { toolFacts, type Builds, type ToolFacts } from '../doctor/tools.ts'

export interface SetupFacts {
  readonly machine: MachineFacts
  readonly docker: DockerFacts
  readonly tools: ToolFacts
  readonly kernel: Pick<KernelFacts, 'cgroup' | 'inotify'>
  /** `undefined` until an engine answers: then images and the registry can be asked for. */
  readonly builds: Builds | undefined
}

/**
 * @param releases of Cilium that a lab is to have
 * @param haproxy that its hosts are to offer
 */
export async function setupFacts(releases?: CiliumReleases, haproxy?: HaproxyRelease): Promise<SetupFacts> {
  const [machine, docker, tools] = await Promise.all([machineFacts(), dockerFacts(), toolFacts()])
  const builds = docker.engine === undefined ? undefined : buildsFor(await imageFacts(true, releases, haproxy))
  return { machine, docker, tools, kernel: limits(), builds }
}
