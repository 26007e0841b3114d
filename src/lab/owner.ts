/**
 * Who made something: one process, told apart from a later one with the same number. What a killed process left is
 * known by an owner that is dead.
 */
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** On containers and networks. */
export const OWNER_LABEL = 'proofbook.owner'

/** In the environment of every program that a lab or a build starts: they outlive a `kill -9` of their starter. */
export const OWNER_VARIABLE = 'PROOFBOOK_OWNER'

export interface Owner {
  /** The machine's id, or its name where it has none: Docker may be another machine's. */
  readonly machine: string
  /** A new one with each boot. */
  readonly boot: string
  /** Namespace in which `pid` counts. */
  readonly space: string
  readonly pid: number
  /** Clock ticks from the boot until the process started: field 22 of /proc/PID/stat, see proc(5). */
  readonly started: number
}

let self: Owner | undefined

/** This process. Labs run on Linux only; elsewhere nothing has an owner that could be found dead. */
export function owner(): Owner {
  return self ??= { ...here(), pid: process.pid, started: startOf(process.pid) ?? 0 }
}

let place: Pick<Owner, 'machine' | 'boot' | 'space'> | undefined
const here = (): Pick<Owner, 'machine' | 'boot' | 'space'> => place ??= {
  machine: read('/etc/machine-id') || hostname(),
  boot: read('/proc/sys/kernel/random/boot_id'),
  space: link('/proc/self/ns/pid'),
}

/** `machine/boot/space/pid/started`: for labels, which are text. */
export const ownerText = ({ machine, boot, space, pid, started }: Owner = owner()): string =>
  [machine, boot, space, pid, started].join('/')

export function parseOwner(text: string | undefined): Owner | undefined {
  const [machine = '', boot = '', space = '', pid, started, ...rest] = (text ?? '').split('/')
  if (machine === '' || rest.length > 0 || !/^\d+$/.test(pid ?? '') || !/^\d+$/.test(started ?? '')) return undefined
  return { machine, boot, space, pid: Number(pid), started: Number(started) }
}

/**
 * Whether that process is known to have ended. Where it cannot be known (another machine, another PID namespace) the
 * answer is no: what might be in use is left alone.
 */
export function isDead(who: Owner): boolean {
  const now = here()
  if (who.machine !== now.machine) return false
  if (who.boot !== now.boot) return true
  if (who.space !== now.space) return false
  return startOf(who.pid) !== who.started
}

/** Undefined when there is no such process; a zombie does nothing any more and counts as gone. */
function startOf(pid: number): number | undefined {
  // The second field is the program's name, which may hold anything, brackets too.
  const [state, ...fields] = read(`/proc/${pid}/stat`).replace(/^.*\) /s, '').split(' ')
  return state === 'Z' || fields.length < 19 ? undefined : Number(fields[18])
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}

/** `pid:[4026531836]` without what a label need not hold. */
function link(file: string): string {
  try {
    return readlinkSync(file).replace(/\D/g, '')
  } catch {
    return ''
  }
}
