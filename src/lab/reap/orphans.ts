/**
 * Programs whose starter is gone. Each runs in a process group of its own, so that a `kill -9` of Proofbook and of its
 * whole group leaves them working: kind would go on to make nodes that nobody waits for.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { isDead, OWNER_VARIABLE, parseOwner } from '../owner.ts'

export interface Orphan {
  readonly pid: number
  /** Its first words. */
  readonly command: string
}

/** Programs that carry a dead owner's mark. Engines and agents are never among them: they are started to stay. */
export function orphans(): Orphan[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).flatMap((name) => {
    const who = parseOwner(variable(read(`/proc/${name}/environ`)))
    const command = read(`/proc/${name}/cmdline`).replaceAll('\0', ' ').trim()
    if (who === undefined || command === '' || !isDead(who) || STAYS.test(command) || Number(name) === process.pid) return []
    return [{ pid: Number(name), command: command.slice(0, 80) }]
  })
}

const STAYS = /^(\S*\/)?(dockerd|containerd(-shim\S*)?|runc|(gpg|ssh)-agent|keyboxd|dbus-daemon)\b/

/** Milliseconds; a program that waits for a disk cannot be ended before it has its answer. */
const PATIENCE = 5_000

/** Ends them at once, and resolves when they are gone. Returns what was ended. */
export async function endOrphans(): Promise<Orphan[]> {
  const ended = new Map<number, Orphan>()
  const deadline = performance.now() + PATIENCE
  for (let found = orphans(); found.length > 0 && performance.now() < deadline; found = orphans()) {
    for (const orphan of found) {
      ended.set(orphan.pid, orphan)
      try {
        process.kill(orphan.pid, 'SIGKILL')
      } catch {
        // ended by itself meanwhile
      }
    }
    await wait(20)
  }
  return [...ended.values()]
}

const variable = (environment: string): string | undefined =>
  environment.split('\0').find(entry => entry.startsWith(`${OWNER_VARIABLE}=`))?.slice(OWNER_VARIABLE.length + 1)

/** Another user's process, or one that has just ended, has nothing to say. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
