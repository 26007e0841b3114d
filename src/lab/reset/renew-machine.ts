/** A machine is made anew, with the files that it had: faster and surer than to undo what was installed on it. */
import { run } from '../images/run.ts'
import { docker } from '../hosts/docker.ts'
import { createMachine, machineIsUp, toolsOf } from '../hosts/machine.ts'
import type { Lab } from '../lab.ts'
import { plug } from '../network/lan.ts'
import type { HostPlan } from '../topology/topology.ts'
import { baselineFiles } from './baseline.ts'

/** It keeps its keys and its credentials: they are in the baseline. */
export async function renewMachine(lab: Lab, host: HostPlan, signal: AbortSignal): Promise<void> {
  const { name, topology, folder, record } = lab
  const container = lab.container(host.name)
  await docker(['rm', '--force', '--volumes', container])
  await createMachine({ lab: name, topology, host, container, image: record.images.host, mounts: toolsOf(host, record.programs) })
  // Before its first process: sshd would make keys of its own.
  await run(['bash', '-eo', 'pipefail', '-c', 'base64 --decode | gunzip | docker cp --archive - "$1:/" 2>&1', 'restore', container],
    { input: await baselineFiles(folder, host.name), signal })
  await docker(['start', container])
  await plug(name, topology, host, container)
  await machineIsUp(container, signal)
}
