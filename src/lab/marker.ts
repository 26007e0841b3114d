/** What says that a folder is a lab's, whose lab it is, and who is making or removing it. */
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from './errors.ts'
import { owner, type Owner } from './owner.ts'

export interface Marker {
  readonly lab: string
  readonly owner: Owner
  /** It could not be made whole, and somebody asked to look at what there is. */
  readonly kept?: true
}

const path = (folder: string): string => join(folder, 'owner.json')

/**
 * Makes the folder, or takes it over: from now on this process answers for it.
 * @throws LabError where there is a folder of that name that no lab made
 */
export async function markFolder(folder: string, lab: string, about: Pick<Marker, 'kept'> = {}): Promise<void> {
  if (!await isOurs(folder)) {
    throw new LabError(`${folder} is there and was not made by Proofbook; move it away, or name another lab with --lab`)
  }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(path(folder), `${JSON.stringify({ lab, owner: owner(), ...about } satisfies Marker, null, 2)}\n`)
}

export async function readMarker(folder: string): Promise<Marker | undefined> {
  try {
    return JSON.parse(await readFile(path(folder), 'utf8')) as Marker
  } catch {
    return undefined
  }
}

/** Made by a lab (the record is all that earlier versions left), or nothing that could be lost. */
export async function isOurs(folder: string): Promise<boolean> {
  if (existsSync(path(folder)) || existsSync(join(folder, 'lab.json'))) return true
  return (await readdir(folder).catch(() => [])).length === 0
}
