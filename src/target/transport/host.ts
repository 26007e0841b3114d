/** A Host over any transport. */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { ExecOptions, Host, Outcome } from '../target.ts'
import { start, type Child, type Ended } from './child.ts'
import { Transcript } from './transcript.ts'
import type { Transport } from './transport.ts'
import { bashCommand, endCommand, ExitLine, GRACE_S, RUN_VARIABLE, writeCommand } from './wrapper.ts'

/** Milliseconds that a host has, after its own time limit and grace, to tell that a script ended. */
const LATE = 10_000

/** Milliseconds for the last output after a script's end: a daemon that it left behind may hold its outputs open. */
const DRAIN = 300

/** Exit code of a run that was aborted. */
export const ABORTED = 130

/** The script has ended, and something that it left behind holds its outputs. */
const LEFT_OPEN: Ended = { exit: null }

export function remoteHost(transport: Transport, about: Pick<Host, 'name' | 'roles' | 'address'>): Host {
  return {
    ...about,
    bash: (script, options) => {
      const run = randomUUID()
      return execute(transport, run, bashCommand(run, options.timeout), script, options)
    },
    write: (path, bytes, { mode, owner, timeout }) => {
      const run = randomUUID()
      const command = writeCommand(run, timeout, path, Buffer.byteLength(bytes), mode, owner)
      return execute(transport, run, command, bytes, { timeout })
    },
  }
}

async function execute(
  transport: Transport, run: string, command: readonly string[], stdin: string, options: ExecOptions,
): Promise<Outcome> {
  const started = performance.now()
  const transcript = new Transcript(options.onOutput)
  const exitLine = new ExitLine(run)
  const outcome = (exit: number, more: Partial<Outcome> = {}): Outcome => ({
    exit,
    stdout: transcript.stdout, stderr: transcript.stderr, output: transcript.output,
    durationMs: performance.now() - started,
    timedOut: false,
    ...more,
  })
  const aborted = (): boolean => options.signal?.aborted ?? false
  if (aborted()) return outcome(ABORTED)

  const told = Promise.withResolvers<void>()
  const variables = Object.entries({ ...transport.env, ...options.env, [RUN_VARIABLE]: run })
    .map(([name, value]) => `${name}=${value}`)
  const child = start(transport.reach(['env', ...(transport.cleanEnv ? ['-i'] : []), ...variables, ...command]), {
    stdin,
    out: chunk => transcript.out(chunk),
    err: (chunk) => {
      transcript.err(exitLine.push(chunk))
      if (exitLine.exit !== undefined) told.resolve()
    },
  })
  let ending: Promise<void> | undefined
  const end = (): void => { ending ??= endRun(transport, run, child) }
  const late = setTimeout(end, options.timeout + GRACE_S * 1000 + LATE)
  options.signal?.addEventListener('abort', end, { once: true })
  const drained = told.promise.then(() => wait(DRAIN, LEFT_OPEN, { ref: false }))
  const { exit, error } = await Promise.race([child.ended, drained])
  clearTimeout(late)
  options.signal?.removeEventListener('abort', end)
  await ending
  transcript.err(exitLine.flush())

  if (aborted()) return outcome(ABORTED)
  const inTime = performance.now() - started < options.timeout
  if (exitLine.exit !== undefined) {
    // 137: the script outlived SIGTERM, and the SIGKILL for its group took `timeout` along.
    const timedOut = !inTime && [124, 137].includes(exitLine.exit)
    if (timedOut) await endRun(transport, run, child)
    child.kill('SIGKILL')
    return outcome(timedOut ? 124 : exitLine.exit, { timedOut })
  }
  if (ending !== undefined) return outcome(124, { timedOut: true })
  return outcome(255, { transportError: error?.message ?? transport.explain(exit, transcript.stderr) })
}

/** Ends a run on its host first, since ending `docker exec` or `ssh` leaves the script running there. */
async function endRun(transport: Transport, run: string, child: Child): Promise<void> {
  let ended = false
  const end = child.ended.then(() => { ended = true })
  // More than once: the first may come before the host has started the script.
  for (let tries = 0; tries === 0 || (tries < 3 && !ended); tries++) {
    const killer = start(transport.reach(endCommand(run)), { stdin: '', out: () => undefined, err: () => undefined })
    const limit = setTimeout(() => killer.kill('SIGKILL'), GRACE_S * 1000 + LATE)
    await killer.ended
    clearTimeout(limit)
    await Promise.race([end, wait(1_000, undefined, { ref: false })])
  }
  child.kill('SIGKILL')
}
