/**
 * Runs one program of a build in a process group of its own, so that an abort ends it with all that it started.
 */
import { $ } from 'zx/core'
import { OWNER_VARIABLE, ownerText } from '../owner.ts'

export interface RunOptions {
  readonly cwd?: string
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Standard input; closed and empty by default. */
  readonly input?: string
  /** Called with each whole line that the program prints on standard error. */
  readonly onLine?: (line: string) => void
  /** Called with each whole line of standard output. */
  readonly onOutput?: (line: string) => void
  /** Milliseconds; then the group is ended as by an abort, and CommandFailed says so. */
  readonly timeout?: number
}

/** A program ended with another code than 0. The message holds its last lines. */
export class CommandFailed extends Error {
  readonly argv: readonly string[]
  readonly exit: number | null
  readonly stderr: string
  constructor(argv: readonly string[], exit: number | null, stderr: string, why = `exit ${exit}`) {
    super(`${argv.join(' ').slice(0, 300)}: ${why}\n${stderr.trimEnd().split('\n').slice(-12).join('\n')}`)
    this.name = 'CommandFailed'
    this.argv = argv
    this.exit = exit
    this.stderr = stderr
  }
}

const shell = $({ quiet: true, nothrow: true, verbose: false, detached: true })

/** Time between SIGTERM and SIGKILL, in milliseconds: enough for mmdebstrap to remove its mounts. */
const GRACE = 5_000

/** For `env`: what is started is to outlive Proofbook, as an engine is, and nobody's orphan. */
export const OUTLIVES: Readonly<Record<string, string>> = { [OWNER_VARIABLE]: '' }

/**
 * Runs `argv` and returns its standard output.
 * @throws CommandFailed; the signal's reason when it was aborted (after the whole group has ended).
 */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  options.signal?.throwIfAborted()
  const child = shell({
    env: { ...process.env, [OWNER_VARIABLE]: ownerText(), ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    input: options.input ?? '',
  })`${argv}`
  // A program may end without reading its input: its exit code tells what is to be told.
  child.child?.stdin?.on('error', () => undefined)
  child.child?.stderr?.on('data', lineSplitter(options.onLine))
  child.child?.stdout?.on('data', lineSplitter(options.onOutput))
  let timedOut = false
  const end = () => { endGroup(child.pid) }
  const timer = options.timeout === undefined
    ? undefined
    : setTimeout(() => { timedOut = true; end() }, options.timeout)
  options.signal?.addEventListener('abort', end, { once: true })
  try {
    const out = await child
    if (options.signal?.aborted === true || timedOut) await groupIsGone(child.pid)
    options.signal?.throwIfAborted()
    if (timedOut) throw new CommandFailed(argv, null, out.stderr, `no end after ${options.timeout} ms`)
    if (out.exitCode !== 0) throw new CommandFailed(argv, out.exitCode, out.stderr || out.stdout)
    return out.stdout
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', end)
  }
}

/** Like `run`, but an answer of "no" (any failure but an abort) is `undefined`. */
export async function ask(argv: readonly string[], options: RunOptions = {}): Promise<string | undefined> {
  try {
    return await run(argv, options)
  } catch (error) {
    if (error instanceof CommandFailed) return undefined
    throw error
  }
}

function lineSplitter(onLine?: (line: string) => void): (chunk: Buffer) => void {
  let rest = ''
  return (chunk) => {
    if (onLine === undefined) return
    const parts = (rest + chunk.toString()).split(/[\r\n]+/)
    rest = parts.pop() ?? ''
    for (const line of parts) if (line.trim() !== '') onLine(line.trim())
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  send(pid, 'SIGTERM')
  setTimeout(() => { send(pid, 'SIGKILL') }, GRACE).unref()
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal)
  } catch {
    return false
  }
}

/** The shell may be gone before its children: what they still hold open must not be removed under them. */
async function groupIsGone(pid: number | undefined): Promise<void> {
  for (let waited = 0; pid !== undefined && waited < 2 * GRACE && send(pid, 0); waited += 50) {
    await new Promise((resolve) => { setTimeout(resolve, 50) })
  }
}
