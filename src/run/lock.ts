/** One run at a time on a host or cluster: a file for each of them in the user's state folder. */
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** Who works there, as the lock's file says. */
export interface Holder {
  /** Id of the run. */
  readonly run: string
  readonly pid: number
  /** When the process began, in the kernel's ticks since boot: another process may get the same number later. */
  readonly begun: string
  /** Name of the machine that runs Proofbook. */
  readonly host: string
  readonly boot: string
  readonly since: string
}

export class Locked extends Error {
  override readonly name = 'Locked'
  readonly exitCode = 3
}

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
  const own: Holder = { run, pid: process.pid, begun: begunOf(process.pid) ?? '', host: hostname(), boot: boot(), since: new Date().toISOString() }
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify(own), { mode: 0o600 })
  try {
    // A link is made whole or not at all, and never over another one.
    if (link(draft, file)) return undefined
    const holder = read(file)
    const state = holder && stateOf(holder)
    const takeOver = state !== 'running' && (breakStale || (state === 'gone' && holder?.run === run))
    if (!takeOver) throw new Locked(refusal(key, holder, state))
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

type State = 'running' | 'gone' | 'elsewhere'

/** Whether the process that holds a lock is still there. */
export function stateOf({ pid, begun, host, boot: booted }: Holder): State {
  if (host !== hostname()) return 'elsewhere'
  if (booted !== boot()) return 'gone'
  const now = begunOf(pid)
  if (now !== undefined) return now === begun ? 'running' : 'gone'
  try {
    process.kill(pid, 0)
    return begun === '' ? 'running' : 'gone'
  } catch {
    return 'gone'
  }
}

function refusal(key: string, holder: Holder | undefined, state: State | undefined): string {
  if (!holder) return `${key} is locked by a file that says nothing; see that no run is at work there, then try again with --break-lock`
  const who = `run ${holder.run} (process ${holder.pid} on ${holder.host}, since ${holder.since})`
  switch (state) {
    case 'running': return `${key} is locked: ${who} is at work there. Wait for its end, or stop it`
    case 'elsewhere': return `${key} is locked by ${who}, and this machine cannot see whether it is still at work. `
      + 'See that it is not, then try again with --break-lock'
    default: return `${key} is locked by ${who}, and that process is gone: it was killed, and what it did last may be half done. `
      + `Go on with it: proofbook run --resume ${holder.run}; or leave it as it is and try again with --break-lock`
  }
}

/** Field 22 of /proc/PID/stat, behind the program's name, which may hold anything (proc(5)). */
function begunOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

function boot(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
  }
}
