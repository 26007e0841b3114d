/** The runs of this user: found by name, and read. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { BadInput } from '../runbook/errors.ts'
import { didYouMean } from '../runbook/suggest.ts'
import { runFolder, type RunFolder } from './folder.ts'
import { readJournal, type ReadJournal } from './journal/read.ts'
import { Standing } from './journal/standing.ts'

export interface EarlierRun {
  readonly folder: RunFolder
  readonly journal: ReadJournal
  readonly standing: Standing
  /** How the run was asked for; the first event of its journal. */
  readonly begin: NonNullable<Standing['begin']>
}

/** Ids of all runs, oldest first. @param root the state folder */
export function runIds(root: string): string[] {
  try {
    return readdirSync(join(root, 'runs')).toSorted()
  } catch {
    return []
  }
}

/**
 * A run by its id, by the beginning of its id, or `last`.
 * @throws BadInput when there is none, more than one, or its journal cannot be read
 */
export function findRun(root: string, name: string): EarlierRun {
  const ids = runIds(root)
  const found = name === 'last' ? ids.slice(-1) : ids.includes(name) ? [name] : ids.filter(id => id.startsWith(name))
  const [id] = found
  if (id === undefined || found.length > 1) {
    throw new BadInput(`received run "${name}", expected one of the runs in ${join(root, 'runs')}`
      + `${found.length > 1 ? `; it names ${found.length}: ${found.join(', ')}` : didYouMean(name, ids)}; see: proofbook runs list`)
  }
  return readRun(root, id)
}

/** @throws BadInput when its journal cannot be read, or ends before its first event */
export function readRun(root: string, id: string): EarlierRun {
  const folder = runFolder(join(root, 'runs', id))
  const journal = readJournal(folder.journal)
  const standing = Standing.of(journal.lines)
  if (standing.begin === undefined) {
    throw new BadInput(`${folder.journal}: the run died before its first event was written: nothing was done, so run the page anew`)
  }
  return { folder, journal, standing, begin: standing.begin }
}
