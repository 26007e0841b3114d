/** A lab as the probes want it: its client, its kubectl, and the image of their pods on its nodes. */
import type { Client } from '../probe/cluster.ts'
import type { Progress } from '../report/progress.ts'
import { exec } from './hosts/docker.ts'
import type { Lab } from './lab.ts'
import { nodes } from './topology/topology.ts'

/** @throws LabError when a node does not take the image */
export async function bringProbeImage(lab: Lab, progress: Progress, signal: AbortSignal): Promise<void> {
  // Not loaded by what only looks at a lab.
  const [{ agnhostImage }, { bringTestImages }] = await Promise.all([import('./images/agnhost.ts'), import('./images/test-images.ts')])
  await bringTestImages(progress, { nodes: nodes(lab.topology).map(({ name }) => lab.container(name)), images: [agnhostImage], signal })
}

/** The lab's host `client`, which knows the nodes by their addresses on the LAN. */
export function clientOf(lab: Lab): Client {
  const addresses = new Map(nodes(lab.topology).map(({ name, address }) => [lab.container(name), address]))
  return {
    name: 'client',
    address: node => addresses.get(node),
    sh: (script, args) => exec(lab.container('client'), ['sh', '-c', script, 'probe', ...args]),
  }
}

/** Kubernetes' name of a node to the lab's, `proofbook-lab-worker` to `s2`; others stay as they are. */
export function shortNames(lab: Lab): (node: string) => string {
  const short = new Map(nodes(lab.topology).map(({ name }) => [lab.container(name), name]))
  return node => short.get(node) ?? node
}
