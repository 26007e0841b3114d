/**
 * One process of this machine, with its whole group ended when time is up. Node's own spawn and not zx here:
 * zx ends a process and leaves its group alone, and costs 0.5 ms of CPU a call more (npm run bench).
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ExecOptions, Outcome } from './target.ts'
import { Transcript } from './transport/transcript.ts'

/** SIGKILL follows SIGTERM after this long. */
const GRACE = 5_000

/** A process that left something running in the background may hold our pipes open: wait this long, then let go. */
const DRAIN = 300

/** Names of files that live for a moment; made once, since asking for the folder takes longer than making a file. */
const NAMES = join(tmpdir(), `proofbook-${randomUUID()}-`)
let files = 0

export interface ProcessOptions extends ExecOptions {
  readonly cwd?: string
  /** Bytes that the process reads on file descriptor 3. */
  readonly script: string
}

export async function runProcess(command: string, args: string[], options: ProcessOptions): Promise<Outcome> {
  const started = performance.now()
  const fd = unlinkedFile(options.script)
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe', fd],
    detached: true,
  })
  closeSync(fd)

  const transcript = new Transcript(options.onOutput)
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => transcript.out(chunk))
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => transcript.err(chunk))
  const outcome = (exit: number, transportError?: string): Outcome => ({
    exit,
    stdout: transcript.stdout, stderr: transcript.stderr, output: transcript.output,
    durationMs: performance.now() - started,
    timedOut,
    ...transportError === undefined ? {} : { transportError },
  })

  let timedOut = false
  let ending: Promise<void> | undefined
  const end = (): void => { ending ??= endGroup(child) }
  const timer = setTimeout(() => { timedOut = true; end() }, options.timeout)
  options.signal?.addEventListener('abort', end, { once: true })
  if (options.signal?.aborted) end()
  try {
    const exit = await ended(child)
    await ending
    return outcome(timedOut ? 124 : exit)
  } catch (error) {
    return outcome(255, (error as Error).message)
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', end)
  }
}

/**
 * A file with these bytes and no name, open for reading. Not a pipe: Node's pipes are sockets, which bash
 * cannot open as /dev/fd/3; and a file cannot block us when bash ends before it has read everything.
 */
function unlinkedFile(bytes: string): number {
  const path = `${NAMES}${++files}`
  const fd = openSync(path, 'wx+', 0o600)
  unlinkSync(path)
  // At a position, so that the file offset stays 0 for systems where /dev/fd/3 shares it.
  writeSync(fd, bytes, 0)
  return fd
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let drain: NodeJS.Timeout | undefined
    child.once('error', reject)
    child.once('exit', code => {
      drain = setTimeout(() => {
        child.stdout?.destroy()
        child.stderr?.destroy()
        resolve(code ?? 128 + 15)
      }, DRAIN)
    })
    child.once('close', code => {
      clearTimeout(drain)
      resolve(code ?? 128 + 15)
    })
  })
}

/**
 * SIGTERM to the group, SIGKILL when one of it is still there after the grace time; resolves when all are gone.
 * A killed orphan that no init reaps stays in the group as a zombie: not waited for longer than DRAIN.
 */
async function endGroup(child: ChildProcess): Promise<void> {
  const group = -(child.pid ?? 0)
  if (group === 0) return
  const killAt = performance.now() + GRACE
  for (let sent: NodeJS.Signals | undefined; alive(group) && performance.now() < killAt + DRAIN;) {
    const wanted = performance.now() < killAt ? 'SIGTERM' : 'SIGKILL'
    if (sent !== wanted) signal(group, sent = wanted)
    await wait(20)
  }
}

function alive(group: number): boolean {
  return signal(group, 0)
}

function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(group, name)
  } catch {
    return false
  }
}
