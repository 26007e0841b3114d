/** Failures in the middle that are the machine's and not the lab's: what they mean, and what to do. */
import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { cacheFolder } from './cache.ts'
import { LabError } from './errors.ts'
import { ask, CommandFailed } from './images/run.ts'

interface Fault {
  readonly pattern: RegExp
  readonly remedy: () => Promise<string>
}

/** In the words of Node, Docker, kind, Go and the kernel. The first that fits counts. */
const FAULTS: readonly Fault[] = [
  { pattern: /no space left on device|ENOSPC|disk quota exceeded/i, remedy: diskIsFull },
  {
    pattern: /cannot connect to the docker daemon|error during connect|docker\.sock: connect|connection reset by peer.*docker|error waiting for container: (unexpected )?EOF/i,
    remedy: async () => 'Docker stopped answering. Start it: proofbook setup (with systemd: systemctl start docker); then once more, which removes first what was made',
  },
  {
    pattern: /address already in use|port is already allocated/i,
    remedy: async () => 'A port was taken between being chosen and being used; ss -ltnp tells by whom. Ports are chosen anew each time: once more',
  },
  {
    pattern: /cannot allocate memory|ENOMEM|OOMKilled|out of memory|signal: killed|exit 137/i,
    remedy: async () => 'Memory ran out. Close what uses it (other labs: proofbook lab list), or make a smaller lab: --servers 1',
  },
  {
    pattern: /too many open files|inotify_(init|add)|inotify instances/i,
    remedy: async () => 'The kernel\'s inotify limits are used up. Raise them: proofbook setup; or remove other labs: proofbook lab list',
  },
  {
    pattern: /certificate has expired or is not yet valid|not valid yet|is not yet valid|not live until/i,
    remedy: async () => 'Clocks differ: this machine\'s is wrong, or was set while it worked. Set it (timedatectl set-ntp true), then make the lab anew',
  },
  {
    pattern: /node\(s\) already exist for a cluster with the name/i,
    remedy: async () => 'There is a cluster of that name which is not a lab of ours, so it stays. Name another lab with --lab',
  },
]

/** The error with its remedy; undefined when the machine is not known to be at fault. */
export async function faultOf(error: unknown): Promise<LabError | undefined> {
  const text = textOf(error)
  const fault = FAULTS.find(({ pattern }) => pattern.test(text))
  return fault === undefined ? undefined : new LabError(`${await fault.remedy()}\n${text}`, { cause: error })
}

/** Why a lab could not be made, for who wanted it. @param moved milliseconds by which the machine's clock was set */
export async function whyNotMade(lab: string, error: unknown, moved: number): Promise<unknown> {
  const set = clockWasSet(moved)
  const why = await faultOf(error) ?? (error instanceof CommandFailed ? new LabError(`${error.message}\nTry: proofbook doctor`, { cause: error }) : error)
  if (!(why instanceof LabError) && set === undefined) return why
  return new LabError(`lab ${lab} could not be made: ${[...set === undefined ? [] : [set], (why as Error).message].join('\n')}`, { cause: error })
}

/** How far the machine's clock was set while something worked: what has passed by the clock, less what has really passed. */
export function clockWatch(): () => number {
  const started = { clock: Date.now(), real: performance.now() }
  return () => Date.now() - started.clock - (performance.now() - started.real)
}

/** Milliseconds; a leap second and a gentle correction stay below. */
const SET = 5_000

/** Undefined when nobody set it. @param moved milliseconds */
export function clockWasSet(moved: number): string | undefined {
  if (Math.abs(moved) < SET) return undefined
  return `this machine's clock was set ${moved > 0 ? 'forward' : 'back'} by ${(Math.abs(moved) / 1000).toFixed(0)} s meanwhile`
    + `${moved < 0 ? ', so that certificates made before are not valid yet' : ''}: what does not work now may work when made anew`
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message}\n${textOf(error.cause)}`
}

/** Bytes; with less a file system counts as full. */
const FULL = 100e6

async function diskIsFull(): Promise<string> {
  const root = (await ask(['docker', 'info', '--format', '{{.DockerRootDir}}'], { timeout: 10_000 }))?.trim()
  const places: readonly [path: string, remedy: string][] = [
    [cacheFolder(), 'free some, or set XDG_CACHE_HOME to a folder on a larger disk'],
    ...root ? [[root, 'docker system prune removes what no container uses'] as [string, string]] : [],
    [process.cwd(), 'free some'],
    [tmpdir(), 'free some, or set TMPDIR'],
  ]
  const left = await Promise.all(places.map(async ([path, remedy]) => {
    const free = await statfs(path).then(({ bavail, bsize }) => bavail * bsize, () => Infinity)
    return { path, remedy, free }
  }))
  const full = left.filter(({ free }) => free < FULL)
  // What was being written is removed on a failure, so that there may be space again by now.
  const told = full.length > 0 ? full : left.filter(({ free }) => free < Infinity)
  return `A disk is full. ${told.map(({ path, remedy, free }) => `${path}: ${(free / 1e9).toFixed(1)} GB free (${remedy})`).join('; ')}`
}
