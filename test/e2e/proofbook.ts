/** The command line as its users have it: the compiled one, in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const entry = join(root, 'dist/cli/main.js')

export interface Ended {
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Started {
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
}

export interface Options {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** Stands before each line of progress, so that a failure that a test wants is not taken for one of the test. */
  readonly as?: string
}

/** Starts `proofbook ARGS` as the leader of a process group, as a shell does. Its progress is shown as it comes. */
export function start(args: readonly string[], { cwd = root, env = {}, as = '' }: Options = {}): Started {
  const child = spawn(process.execPath, [entry, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true, env: { ...process.env, CI: 'true', ...env } })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', chunk => { stdout += chunk })
  child.stderr.setEncoding('utf8').on('data', chunk => { stderr += chunk })
  createInterface(child.stderr).on('line', line => process.stderr.write(`${as}│ ${line}\n`))
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', exit => resolve({ exit, stdout, stderr }))
  })
  return { process: child, ended }
}

export const proofbook = (args: readonly string[], options?: Options): Promise<Ended> => start(args, options).ended

/** Resolves when the progress has come to that line. */
export async function reaches({ process, ended }: Started, line: RegExp): Promise<void> {
  let seen = ''
  await Promise.race([
    new Promise<void>(resolve => {
      process.stderr?.on('data', (chunk: string) => {
        seen += chunk
        if (line.test(seen)) resolve()
      })
    }),
    ended.then(({ exit }) => { throw new Error(`ended with ${exit} before ${line}:\n${seen}`) }),
  ])
}

/** As a terminal does with Ctrl-C (SIGINT): to all that the command started, but for what made a group of its own. */
export const signalGroup = ({ process: { pid } }: Started, signal: 'SIGINT' | 'SIGKILL'): boolean => process.kill(-(pid ?? NaN), signal)
