/** Removes what builds of earlier recipes left: in the cache, and in Docker. */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { outputs } from '../cache.ts'
import { ciliumArchives } from './cilium/store.ts'
import { versions } from '../versions.ts'
import { parts, sizeOf } from './parts.ts'
import { currentKeys, sweepScratch } from './product.ts'
import { ask } from './run.ts'

export interface Pruned {
  /** `NAME-KEY` of a product, or Docker's name of an image. */
  readonly name: string
  /** Bytes freed; of an image Docker tells none, since it shares layers. */
  readonly size?: number
  /** Why it stays. */
  readonly kept?: string
}

/** A product is superseded when there is one of its name with another key: what nobody here knows stays. */
export function superseded(id: string, current: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const [, name = '', key = ''] = /^(.*)-([0-9a-f]{12})$/.exec(id) ?? []
  const keys = current.get(name)
  return keys !== undefined && !keys.has(key)
}

export async function prune(): Promise<Pruned[]> {
  await sweepScratch()
  return [...await pruneProducts(), ...await pruneImages()]
}

export async function pruneProducts(): Promise<Pruned[]> {
  // heard of only when asked for
  for (const release of versions.cilium) ciliumArchives(release)
  const old = (await readdir(outputs()).catch(() => [])).filter((id) => superseded(id, currentKeys))
  return Promise.all(old.map(async (name) => {
    const folder = join(outputs(), name)
    const size = await sizeOf(folder)
    await rm(folder, { recursive: true, force: true })
    return { name, size }
  }))
}

/** Repositories that only Proofbook's own builds are named by. */
const OURS = ['proofbook/node', 'proofbook/host', 'proofbook/k3s-standin']

/** Docker itself refuses to remove an image that a container uses. */
async function pruneImages(): Promise<Pruned[]> {
  const current = new Set(parts.flatMap((part) => 'image' in part ? [part.image] : []))
  const listed = await Promise.all(OURS.map((name) => ask(['docker', 'image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', name])))
  // a key ends the name of every build
  const old = listed.flatMap((text = '') => text.split('\n')).filter((ref) => /-[0-9a-f]{12}$/.test(ref) && !current.has(ref))
  return Promise.all(old.map(async (name) => await ask(['docker', 'image', 'rm', name]) === undefined ? { name, kept: 'a container uses it' } : { name }))
}
