/** The state of a lab, fact by fact, for comparing before with after. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Inventory } from '../../target/target.ts'
import { exec } from '../hosts/docker.ts'
import type { Topology } from '../topology/topology.ts'
import { factScript, parseFacts } from './facts.ts'
import { objectFacts, type KubeObject } from './objects.ts'

/**
 * All hosts and the cluster at once; sorted.
 * @param objects those of the cluster
 * @throws CommandFailed when a host or the cluster does not answer
 */
export async function takeInventory(topology: Topology, container: (host: string) => string, objects: Promise<readonly KubeObject[]>): Promise<Inventory> {
  const facts = await Promise.all([
    ...topology.hosts.map(async ({ name, kind }) => {
      const printed = await exec(container(name), ['bash', '-s'], { input: factScript(kind), timeout: 60_000 })
      return parseFacts(kind, name, printed)
    }),
    objects.then(objectFacts),
  ])
  return [...new Set(facts.flat())].sort()
}

/** Facts of one and not of the other: `- fact` only before, `+ fact` only after. */
export function differences(before: Inventory, after: Inventory): string[] {
  const old = new Set(before)
  const now = new Set(after)
  return [
    ...before.filter(fact => !now.has(fact)).map(fact => `- ${fact}`),
    ...after.filter(fact => !old.has(fact)).map(fact => `+ ${fact}`),
  ]
}

const path = (folder: string): string => join(folder, 'inventory.json')

export async function recordInventory(folder: string, inventory: Inventory): Promise<void> {
  await writeFile(path(folder), `${JSON.stringify(inventory, null, 1)}\n`)
}

/** The inventory right after the lab was made; undefined when none was taken. */
export async function recordedInventory(folder: string): Promise<Inventory | undefined> {
  try {
    return JSON.parse(await readFile(path(folder), 'utf8')) as Inventory
  } catch {
    return undefined
  }
}
