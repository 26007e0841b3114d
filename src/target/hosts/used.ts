/** What a run is going to need of the machines of an inventory. */
import type { Block } from '../../runbook/model.ts'
import type { HostEntry } from './inventory.ts'

export type UsedBlock = Pick<Block, 'kind' | 'on' | 'action' | 'text' | 'condition'>

const WORKSTATION = 'workstation'

/** Programs that follow the current context of a kubeconfig. */
const FOLLOWS_CONTEXT = /\b(?:kubectl|helm|cilium|hubble|k9s|calicoctl)\b/

/** The hosts on which one of these blocks runs, in the order of the inventory. */
export function usedHosts(entries: readonly HostEntry[], blocks: readonly UsedBlock[], facts: Readonly<Record<string, string>>): HostEntry[] {
  const used = new Set(blocks.filter(block => runs(block, facts)).flatMap(({ on }) => hostsOf(entries, on)))
  return entries.filter(entry => used.has(entry))
}

/** The workstation, when one of these blocks works on the cluster from there. */
export function clusterHost(entries: readonly HostEntry[], blocks: readonly UsedBlock[], facts: Readonly<Record<string, string>>): HostEntry | undefined {
  const workstation = hostsOf(entries, WORKSTATION)[0]
  const works = blocks.some(block => runs(block, facts) && workstation !== undefined && hostsOf(entries, block.on).includes(workstation)
    && (block.action.type === 'apply' || FOLLOWS_CONTEXT.test(block.text)))
  return works ? workstation : undefined
}

/** Drills run in labs only. */
function runs({ kind, condition }: UsedBlock, facts: Readonly<Record<string, string>>): boolean {
  return kind !== 'skip' && kind !== 'drill' && (condition === undefined || facts[condition.fact] === condition.value)
}

/** As the runner finds them: the host of that name, else all with that role. */
function hostsOf(entries: readonly HostEntry[], on: string): HostEntry[] {
  const named = entries.find(({ name }) => name === on)
  return named ? [named] : entries.filter(({ roles }) => roles.includes(on))
}
