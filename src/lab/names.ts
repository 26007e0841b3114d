/** The names of all that a lab makes outside of its folder, from the lab's name alone: what `down` needs. */
import { createHash } from 'node:crypto'
import { LabError } from './errors.ts'
import { OWNER_LABEL, ownerText } from './owner.ts'

/** On every container, network and firewall rule that we make. kind's nodes carry kind's own label instead. */
export const LABEL = 'proofbook.lab'

/** On the LAN container and the network: the lab's folder, so that every checkout finds it. */
export const FOLDER_LABEL = 'proofbook.folder'

export const KIND_LABEL = 'io.x-k8s.kind.cluster'

/** @throws LabError when the name cannot be part of container, network and host names */
export function checkName(name: string): string {
  if (/^[a-z][a-z0-9-]{0,29}$/.test(name) && !name.endsWith('-')) return name
  throw new LabError(`received lab name "${name}", expected a lower-case letter, then up to 29 letters, digits or dashes`)
}

export const label = (lab: string): string => `${LABEL}=${lab}`

/** Arguments for Docker: whose lab, and which process made it. */
export const labelled = (lab: string): string[] => ['--label', label(lab), '--label', `${OWNER_LABEL}=${ownerText()}`]

/** kind's name for the cluster, and the prefix of its nodes. */
export const clusterName = (lab: string): string => `proofbook-${lab}`

export const networkName = (lab: string): string => `proofbook-${lab}`

export const lanContainer = (lab: string): string => `proofbook-${lab}-lan`

/** Name of the Docker network's bridge: at most 15 characters, whatever the lab is called. */
export function bridgeName(lab: string): string {
  const short = `pb-${lab}`
  return short.length <= 15 ? short : `pb-${createHash('sha256').update(lab).digest('hex').slice(0, 12)}`
}

/** Container of a machine; those of nodes are named by what makes the cluster. */
export const machineContainer = (lab: string, machine: string): string => `proofbook-${lab}-${machine}`
