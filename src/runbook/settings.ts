/**
 * `proofbook.json` of a project: where its book is.
 *
 *     { "runbooks": "docs/runbooks" }
 */
import { readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { BadInput } from './errors.ts'
import { didYouMean } from './suggest.ts'

export const SETTINGS_FILE = 'proofbook.json'

export interface Settings {
  /** Folder of the book, relative to the file. */
  readonly runbooks?: string
}

const KEYS = ['runbooks']

/** @throws BadInput for what is no such file; an empty one for a folder that has none */
export function readSettings(cwd: string): Settings {
  let text: string
  try {
    text = readFileSync(join(cwd, SETTINGS_FILE), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new BadInput(`cannot read ${SETTINGS_FILE}: ${(error as Error).message}`, { cause: error })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new BadInput(`${SETTINGS_FILE}: received ${(error as Error).message}, expected JSON such as { "runbooks": "docs/runbooks" }`, { cause: error })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadInput(`${SETTINGS_FILE}: received ${JSON.stringify(value)}, expected an object such as { "runbooks": "docs/runbooks" }`)
  }
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key))
  if (unknown !== undefined) throw new BadInput(`${SETTINGS_FILE}: received the key "${unknown}", expected ${KEYS.join(', ')}${didYouMean(unknown, KEYS)}`)
  const { runbooks } = value as { runbooks?: unknown }
  if (runbooks === undefined) return {}
  if (typeof runbooks !== 'string' || runbooks === '' || relative(cwd, resolve(cwd, runbooks)).startsWith('..')) {
    throw new BadInput(`${SETTINGS_FILE}: received runbooks ${JSON.stringify(runbooks)}, expected a folder of this project`)
  }
  return { runbooks }
}

/** The folder of the project's own book, whether it is there or not; `named`: `proofbook.json` says so. */
export function ownBook(cwd: string): { readonly folder: string, readonly named: boolean } {
  const { runbooks } = readSettings(cwd)
  return { folder: resolve(cwd, runbooks ?? 'runbooks'), named: runbooks !== undefined }
}
