/** Who holds a lock, and whether they are still at work. */
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

const MACHINE = '/etc/machine-id'
const BOOT = '/proc/sys/kernel/random/boot_id'

/** Who works there, as the lock's file says. */
export interface Holder {
  /** Id of the run. */
  readonly run: string
  readonly pid: number
  /** When the process began, in the kernel's ticks since boot: another process may get the same number later. */
  readonly begun: string
  /** Name of the machine that runs Proofbook, and what tells it from others of that name (machine-id(5)). */
  readonly host: string
  readonly machine: string
  readonly boot: string
  readonly since: string
}

export class Locked extends Error {
  override readonly name = 'Locked'
  readonly exitCode = 3
}

/** This process, at work on that run. */
export function holderOf(run: string): Holder {
  return {
    run, pid: process.pid, begun: begunOf(process.pid) ?? '', host: hostname(), machine: fileOf(MACHINE), boot: fileOf(BOOT),
    since: new Date().toISOString(),
  }
}

type State = 'running' | 'gone' | 'elsewhere'

/** Whether the process that holds a lock is still there. */
export function stateOf({ pid, begun, host, machine, boot }: Holder): State {
  if (host !== hostname() || machine !== fileOf(MACHINE)) return 'elsewhere'
  if (boot !== fileOf(BOOT)) return 'gone'
  const now = begunOf(pid)
  if (now !== undefined) return now === begun ? 'running' : 'gone'
  try {
    process.kill(pid, 0)
    return begun === '' ? 'running' : 'gone'
  } catch {
    return 'gone'
  }
}

/** Whether a run may take a lock over: never from one who is at work. */
export function mayTake(holder: Holder | undefined, run: string, breakStale: boolean): boolean {
  const state = holder && stateOf(holder)
  return state !== 'running' && (breakStale || (state === 'gone' && holder?.run === run))
}

/** What to tell the one who may not. @param state as it was seen, looked at again when not given */
export function refusal(key: string, holder: Holder | undefined, state: State | undefined = holder && stateOf(holder)): string {
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

/** Empty where there is no such file: macOS. */
function fileOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}
