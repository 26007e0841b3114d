/**
 * Removes what processes left that are gone without a word (`kill -9`, a crash, a power cut). Nothing is touched but
 * what carries our mark, and of that only what belongs to an owner who is known to be dead.
 */
import { resolve, sep } from 'node:path'
import type { Progress } from '../../report/progress.ts'
import { ask } from '../images/run.ts'
import { sweepScratch } from '../images/product.ts'
import { docker } from '../hosts/docker.ts'
import { labs, type LabEntry } from '../labs.ts'
import { openEgress, strayRules } from '../network/egress.ts'
import { isDead, OWNER_LABEL, parseOwner } from '../owner.ts'
import { removeLab } from '../remove.ts'
import { endOrphans } from './orphans.ts'

/** On containers in which images are made. */
const BUILD_LABEL = 'proofbook.build'

/** Before a lab is made or used: under 0.2 s when nothing was left, and one line when something was. */
export async function reap(progress: Progress): Promise<void> {
  const removed = await removeLeft()
  if (removed.length > 0) progress.note(`removed what processes left that are gone: ${removed.join(', ')}`)
}

async function removeLeft(): Promise<string[]> {
  const programs = await endOrphans()
  const left = (await labs()).filter(({ state }) => state === 'left')
  for (const { name, folder } of left) await removeLab(name, folder, { settle: true })
  return [
    ...programs.length > 0 ? [`${programs.length} programs (${[...new Set(programs.map(({ command }) => firstWord(command)))].join(', ')})`] : [],
    ...left.map(({ name }) => `half of lab ${name}`),
    ...await removeRest(undefined),
  ]
}

/**
 * Removes every lab of this machine, what was left of others too.
 * @param here only those whose files are in this working folder
 * @returns their names
 */
export async function removeAll(progress: Progress, here = false): Promise<string[]> {
  await endOrphans()
  const doomed = (await labs()).filter(lab => !here || isHere(lab))
  const image = await hostImage()
  for (const { name, folder } of doomed) {
    await progress.stage(`remove lab ${name}`, () => removeLab(name, folder, { settle: true }))
  }
  const rest = await removeRest(image)
  if (rest.length > 0) progress.note(`removed ${rest.join(', ')}`)
  return doomed.map(({ name }) => name)
}

export const isHere = ({ folder }: Pick<LabEntry, 'folder'>, base = process.cwd()): boolean => folder.startsWith(resolve(base) + sep)

/** What belongs to no lab: rules of labs that are gone, containers of builds, folders of half-done work. */
async function removeRest(image: string | undefined): Promise<string[]> {
  const rules = await strayRules(image) ?? []
  for (const lab of rules) await openEgress(lab, image)
  const builds = await deadBuilds()
  for (const name of builds) await ask(['docker', 'rm', '--force', '--volumes', name])
  const scratch = await sweepScratch()
  return [
    ...rules.map(lab => `the firewall rule of lab ${lab}`),
    ...builds.map(name => `container ${name}`),
    ...scratch > 0 ? [`${scratch} folders of half-done work`] : [],
  ]
}

async function deadBuilds(): Promise<string[]> {
  const printed = await docker(['ps', '--all', '--filter', `label=${BUILD_LABEL}`, '--format', `{{.Names}}\t{{.Label "${OWNER_LABEL}"}}`])
  return printed.split('\n').flatMap((line) => {
    const [name = '', owner] = line.split('\t')
    const who = parseOwner(owner)
    return who !== undefined && isDead(who) ? [name] : []
  })
}

/** In which the firewall can be reached where this user may not: any of ours that is still there. */
async function hostImage(): Promise<string | undefined> {
  const names = await ask(['docker', 'image', 'ls', '--filter', 'reference=proofbook/host', '--format', '{{.Repository}}:{{.Tag}}'])
  return names?.split('\n')[0] || undefined
}

/** `/usr/bin/docker run ...` is `docker`. */
const firstWord = (command: string): string => (command.split(' ')[0] ?? '').split('/').at(-1) ?? ''
