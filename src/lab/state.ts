/** The folder of a lab, and the record in it. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ask } from './images/run.ts'
import type { ImageRecord } from '../target/target.ts'
import type { BackendName } from './cluster/backend.ts'
import type { CniName } from './cni/cni.ts'
import type { Tools } from './hosts/machine.ts'
import type { Topology } from './topology/topology.ts'

export const RECORD_SCHEMA = 2

/** What a lab was made of: `lab.json`, written when it is ready. */
export interface LabRecord {
  readonly schema: typeof RECORD_SCHEMA
  readonly name: string
  readonly target: BackendName
  readonly topology: Topology
  readonly cni: CniName
  readonly ciliumVersion?: string
  /** Missing in the record of a lab that an earlier version made: the default one. */
  readonly haproxyVersion?: string
  /** Packets of nodes may leave this machine. */
  readonly egress?: 'open'
  /** ISO 8601. */
  readonly createdAt: string
  readonly images: {
    readonly node: string
    readonly host: string
    readonly records: readonly ImageRecord[]
  }
  /** Paths of programs on this machine. */
  readonly programs: Tools & { readonly kind: string, readonly k3d?: string }
  /** Version of Kubernetes that was asked for. */
  readonly kubernetes: string
  /** Addresses on the Docker network, by node: fixed for life. */
  readonly dockerAddresses: Readonly<Record<string, string>>
}

/** Where labs of this working folder keep their files. */
export const labFolder = (name: string, base = process.cwd()): string => resolve(base, '.proofbook', 'labs', name)

const recordPath = (folder: string): string => join(folder, 'lab.json')

export async function writeRecord(folder: string, record: LabRecord): Promise<void> {
  const draft = `${recordPath(folder)}.new`
  await writeFile(draft, `${JSON.stringify(record, null, 2)}\n`)
  await rename(draft, recordPath(folder))
}

/** Undefined when there is none, or one of another version of Proofbook. */
export async function readRecord(folder: string): Promise<LabRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(recordPath(folder), 'utf8')) as LabRecord
    return record.schema === RECORD_SCHEMA ? record : undefined
  } catch {
    return undefined
  }
}

/**
 * Removes a lab's folder. Nodes write their certificates into it as root, which another user cannot remove:
 * then a container does.
 */
export async function removeFolder(folder: string, image: string | undefined): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true })
  } catch (error) {
    if (image === undefined) throw error
    await ask(['docker', 'run', '--rm', '--network', 'none', '--volume', `${folder}:/lab`, '--entrypoint', 'sh', image,
      '-c', 'rm -rf /lab/pki'])
    await rm(folder, { recursive: true, force: true })
  }
}
