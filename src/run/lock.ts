/** One run of this user at a time on a host or cluster: a file for each of them in the state folder. */
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { holderOf, Locked, mayTake, refusal, stateOf, type Holder } from './lock-holder.ts'

export interface LockOptions {
  /** The state folder. */
  readonly root: string
  /** Hosts and clusters, by any name that is always the same. */
  readonly keys: readonly string[]
  readonly run: string
  /** Take locks over whose process is gone, or lives on another machine. */
  readonly breakStale?: boolean
}

export interface Lock extends Disposable {
  /** Locks that were taken over from a process that is gone. */
  readonly broken: readonly Holder[]
}

/**
 * Takes all locks or none. A lock that a dead process of the same run left is taken over: the run goes on.
 * @throws Locked naming who holds it
 */
export function takeLock({ root, keys, run, breakStale = false }: LockOptions): Lock {
  const folder = join(root, 'locks')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const taken: string[] = []
  const broken: Holder[] = []
  const release = (): void => { for (const file of taken.splice(0)) rmSync(file, { force: true }) }
  try {
    // Always in the same order, so that two runs cannot wait for each other's half.
    for (const key of [...new Set(keys)].toSorted()) {
      const file = join(folder, `${key.replaceAll(/[^\w.@-]/g, '_')}.json`)
      const before = take(file, key, run, breakStale)
      if (before) broken.push(before)
      taken.push(file)
    }
  } catch (error) {
    release()
    throw error
  }
  return { broken, [Symbol.dispose]: release }
}

/** Whether a process is at work on that run. */
export function atWork(root: string, run: string): boolean {
  const folder = join(root, 'locks')
  try {
    return readdirSync(folder).some(name => {
      const holder = read(join(folder, name))
      return holder?.run === run && stateOf(holder) === 'running'
    })
  } catch {
    return false
  }
}

/** @returns whom it was taken from */
function take(file: string, key: string, run: string, breakStale: boolean): Holder | undefined {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify(holderOf(run)), { mode: 0o600 })
  try {
    // A link is made whole or not at all, and never over another one.
    if (link(draft, file)) return undefined
    const holder = read(file)
    if (!mayTake(holder, run, breakStale)) throw new Locked(refusal(key, holder))
    const aside = `${draft}.stale`
    renameSync(file, aside)
    unlinkSync(aside)
    if (link(draft, file)) return holder
    throw new Locked(refusal(key, read(file), 'running'))
  } finally {
    rmSync(draft, { force: true })
  }
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function read(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch {
    return undefined
  }
}
