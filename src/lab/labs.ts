/** Every lab of this machine: what Docker knows of, and the folders of this working folder. */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { docker } from './hosts/docker.ts'
import { open } from './lab.ts'
import { isOurs, readMarker } from './marker.ts'
import { FOLDER_LABEL, LABEL } from './names.ts'
import { isDead, OWNER_LABEL, parseOwner, type Owner } from './owner.ts'
import { labFolder } from './state.ts'
import { agents, machines, servers, type Topology } from './topology/topology.ts'

/**
 * `up`: every host is on. `partly off`, `off`: as it says. `busy`: a process that lives makes or removes it. `left`: a
 * process that died did. `kept`: it failed and was to stay. `lost`: its folder is there, its containers are not. `unknown`: its maker cannot be told.
 */
export type LabState = 'up' | 'partly off' | 'off' | 'busy' | 'left' | 'kept' | 'lost' | 'unknown'

export interface LabEntry {
  readonly name: string
  readonly state: LabState
  /** ISO 8601; when it was made whole. */
  readonly createdAt?: string
  readonly target?: string
  /** `3 servers, 2 machines`. */
  readonly size?: string
  readonly cni?: string
  /** Where its files are, or were. */
  readonly folder: string
}

/** What carries our label, by lab. */
interface Traces {
  readonly owners: Owner[]
  folder: string | undefined
}

const COLUMNS = `{{.Label "${LABEL}"}}\t{{.Label "${FOLDER_LABEL}"}}\t{{.Label "${OWNER_LABEL}"}}`

/** Sorted by name. @param base the working folder */
export async function labs(base = process.cwd()): Promise<LabEntry[]> {
  const found = new Map<string, Traces>()
  const printed = await Promise.all([
    docker(['ps', '--all', '--filter', `label=${LABEL}`, '--format', COLUMNS]),
    docker(['network', 'ls', '--filter', `label=${LABEL}`, '--format', COLUMNS]),
    docker(['volume', 'ls', '--filter', `label=${LABEL}`, '--format', COLUMNS]),
  ])
  for (const line of printed.join('').split('\n').filter(text => text.trim() !== '')) {
    const [name = '', folder, owner] = line.split('\t')
    const traces = found.get(name) ?? { owners: [], folder: undefined }
    const who = parseOwner(owner)
    if (who) traces.owners.push(who)
    if (folder) traces.folder = folder
    found.set(name, traces)
  }
  const inDocker = new Set(found.keys())
  for (const name of await readdir(dirname(labFolder('any', base))).catch(() => [])) {
    const folder = labFolder(name, base)
    if (!found.has(name) && await isOurs(folder)) found.set(name, { owners: [], folder })
  }
  return Promise.all([...found].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([name, traces]) => entry(name, { ...traces, folder: traces.folder ?? labFolder(name, base) }, inDocker.has(name))))
}

async function entry(name: string, { owners, folder }: Traces & { folder: string }, inDocker: boolean): Promise<LabEntry> {
  const lab = await open(folder).catch(() => undefined)
  if (lab === undefined || lab.name !== name) return { name, state: await stateOfHalf(owners, folder), folder }
  const { record: { createdAt, target, cni, topology } } = lab
  const about = { name, createdAt, target, cni, size: sizeOf(topology), folder }
  if (!inDocker) return { ...about, state: 'lost' }
  const running = new Set((await docker(['ps', '--format', '{{.Names}}'])).split('\n'))
  const on = topology.hosts.filter(host => running.has(lab.container(host.name))).length
  return { ...about, state: on === topology.hosts.length ? 'up' : on === 0 ? 'off' : 'partly off' }
}

async function stateOfHalf(owners: readonly Owner[], folder: string): Promise<LabState> {
  // A lab of another version of Proofbook: whole, though we cannot read it.
  if (existsSync(join(folder, 'lab.json'))) return 'unknown'
  const marker = await readMarker(folder)
  if (marker?.kept) return 'kept'
  const all = [...marker === undefined ? [] : [marker.owner], ...owners]
  if (all.length === 0) return 'unknown'
  return all.every(isDead) ? 'left' : 'busy'
}

export function sizeOf(topology: Topology): string {
  const parts = [[servers(topology).length, 'server'], [agents(topology).length, 'agent'], [machines(topology).length, 'machine']] as const
  return parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}${count === 1 ? '' : 's'}`).join(', ')
}
