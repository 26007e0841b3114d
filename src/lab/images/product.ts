/**
 * Build outputs that are made once. Each has a key, the hash of its recipe and of its inputs' keys, and a folder
 * `NAME-KEY` that appears by one rename when it is whole: what exists is done, what was interrupted does not exist.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { outputs, scratch } from '../cache.ts'
import type { Progress } from '../../report/progress.ts'
import { isDead, owner } from '../owner.ts'
import type { GoCommand } from './go.ts'
import type { InLane } from './lanes.ts'

/** What the builds of one call share. */
export interface Context {
  readonly progress: Progress
  readonly signal: AbortSignal
  readonly inLane: InLane
  /** Found on first use: a run in which all is there needs no Go. */
  readonly go: () => Promise<GoCommand>
  readonly made: Map<string, Promise<string>>
}

export interface Product {
  readonly name: string
  /** 12 hex digits. */
  readonly key: string
  /** `NAME-KEY`: name of its folder among the outputs. */
  readonly id: string
  /** Folder of the finished output. Builds it, and its inputs, where it does not exist. */
  readonly make: (context: Context) => Promise<string>
  readonly exists: () => boolean
}

/** Raised when the code that builds makes something else of the same recipe: then everything is made anew. */
const GENERATION = 1

/** Keys by name of every product that this process has heard of: what is not among them was made by another recipe. */
export const currentKeys = new Map<string, Set<string>>()

/** Hash of anything that JSON can write. */
export const keyOf = (recipe: unknown): string =>
  createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12)

/**
 * @param recipe everything that decides the output beside the inputs: versions, flags, texts
 * @param build fills `folder`; gets the inputs' folders in their order
 */
export function product<const Inputs extends readonly Product[]>(
  name: string,
  recipe: unknown,
  inputs: Inputs,
  build: (folder: string, inputs: { [Index in keyof Inputs]: string }, context: Context) => Promise<void>,
): Product {
  const key = keyOf([GENERATION, recipe, process.arch, inputs.map((input) => input.key)])
  const id = `${name}-${key}`
  currentKeys.set(name, (currentKeys.get(name) ?? new Set()).add(key))
  const folder = () => join(outputs(), id)
  const make = async (context: Context) => {
    if (existsSync(folder())) return folder()
    const paths = await Promise.all(inputs.map((input) => input.make(context)))
    await inScratch(id, async (draft) => {
      await build(draft, paths as { [Index in keyof Inputs]: string }, context)
      context.signal.throwIfAborted()
      await keep(draft, folder())
    })
    return folder()
  }
  return {
    name,
    key,
    id,
    exists: () => existsSync(folder()),
    make: (context) => {
      const running = context.made.get(id) ?? make(context)
      context.made.set(id, running)
      return running
    },
  }
}

/** A folder that is gone afterwards, however `work` ends. */
export async function inScratch<T>(name: string, work: (folder: string) => Promise<T>): Promise<T> {
  const { pid, started } = owner()
  const folder = join(scratch(), `${pid}.${started}-${name}`)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Another process may have made the same meanwhile: then its output stays. */
async function keep(draft: string, folder: string): Promise<void> {
  await mkdir(outputs(), { recursive: true })
  try {
    await rename(draft, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  }
}

/** Removes what processes that no longer live (a power cut, SIGKILL) left half done, and tells how much. */
export async function sweepScratch(): Promise<number> {
  let swept = 0
  for (const name of await readdir(scratch()).catch(() => [])) {
    // earlier versions left the time of starting out
    const [, pid, started] = /^(\d+)(?:\.(\d+))?-/.exec(name) ?? []
    const alive = started === undefined ? existsSync(`/proc/${pid}`) : !isDead({ ...owner(), pid: Number(pid), started: Number(started) })
    if (pid !== undefined && alive) continue
    // what cannot be removed yet is no reason to stop: the next run tries again
    await rm(join(scratch(), name), { recursive: true, force: true }).then(() => { swept++ }, () => {})
  }
  return swept
}
