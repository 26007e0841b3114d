/**
 * One local process with bytes for its standard input. Node's own spawn: zx ends this process with an unhandled EPIPE
 * when a program exits before it has read its input (zx 8.8.5).
 */
import { spawn } from 'node:child_process'

/** How a process ended; `error` when it could not be started. */
export interface Ended {
  readonly exit: number | null
  readonly error?: Error
}

export interface Child {
  readonly ended: Promise<Ended>
  /** Ends the process and its group. */
  kill(signal: NodeJS.Signals): void
}

export interface Streams {
  readonly stdin: string
  readonly out: (chunk: string) => void
  readonly err: (chunk: string) => void
}

export function start(argv: readonly string[], { stdin, out, err }: Streams): Child {
  const [program = '', ...args] = argv
  // A group of its own: Ctrl-C in the terminal must reach us only, who end the script on its host first.
  const child = spawn(program, args, { stdio: 'pipe', detached: true })
  child.stdout.setEncoding('utf8').on('data', out)
  child.stderr.setEncoding('utf8').on('data', err)
  child.stdin.on('error', () => undefined)
  child.stdin.end(stdin)
  const ended = new Promise<Ended>((resolve) => {
    child.once('error', error => resolve({ exit: null, error }))
    child.once('close', exit => resolve({ exit }))
  })
  const kill = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal)
    } catch {
      // It has ended already.
    }
  }
  return { ended, kill }
}
