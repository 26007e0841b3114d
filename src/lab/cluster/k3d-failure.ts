/** Why a cluster of k3d's does not come up, in its nodes' own words: k3d itself only says that time was up. Pure. */
import { stripVTControlCharacters } from 'node:util'

/** k3d's entrypoint asks for the node every 3 s and buries what k3s said before it ended. */
const NOISE = /uncordon|refused - did you specify the right host|connection refused|couldn't get current server API group list|^E\d{4} .*memcache\.go/

/** The last lines of a log that say something, each once. */
export function tellingLines(log: string, count = 12): string[] {
  const lines = log.split(/\r?\n/).map(line => line.trimEnd()).filter(line => line !== '' && !NOISE.test(line))
  return [...new Set(lines)].slice(-count)
}

/** Errors of k3d among the lines of its log, which is coloured wherever it goes; the last lines when there is none. */
export function k3dErrors(stderr: string): string[] {
  const lines = stripVTControlCharacters(stderr).split('\n').filter(line => line.trim() !== '')
  const errors = lines.filter(line => /^(ERRO|FATA)\[/.test(line)).map(messageOf)
  return errors.length > 0 ? errors : lines.slice(-5)
}

/** `Creating node 'k3d-x-server-0'` out of one line of k3d's log. */
export const messageOf = (line: string): string => stripVTControlCharacters(line).replace(/^[A-Z]{4}\[\d+\] /, '').trimEnd()

export interface NodeSeen {
  readonly container: string
  readonly running: boolean
  /** How often Docker has started it again. */
  readonly restarts: number
  /** Command lines of its processes. */
  readonly processes: readonly string[]
}

/** How often a node may be started again before it counts as one that cannot run: it starts over for ever otherwise. */
const RESTARTS = 3

/** Whether k3s runs in a node: as itself or as our script, not as k3d's entrypoint that outlives it on a server. */
export const runsK3s = ({ processes }: NodeSeen): boolean => processes.some(args => /(^|[/\s])k3s (server|agent)\b/.test(args))

/** Looks without k3s after which it is no longer expected: it may have ended between the first two. */
const NEVER = 15

/**
 * A node in which k3s has ended by itself: there before, gone now; never seen for long; or started over and over.
 * @param looks at all nodes, the newest last
 */
export function ended(looks: readonly (readonly NodeSeen[])[]): NodeSeen | undefined {
  return looks.at(-1)?.find((node) => {
    if (node.restarts >= RESTARTS) return true
    if (!node.running || runsK3s(node)) return false
    const earlier = looks.slice(0, -1).map(look => look.find(({ container }) => container === node.container)).filter(seen => seen?.running)
    return earlier.some(seen => seen && runsK3s(seen)) || earlier.length >= NEVER
  })
}
