/** A Host over any transport. */
import { StringDecoder } from 'node:string_decoder'
import { setTimeout as wait } from 'node:timers/promises'
import type { Step } from '../session/frames.ts'
import { GRACE_S } from '../session/limits.ts'
import { Pool } from '../session/pool.ts'
import { Lost, type Session } from '../session/session.ts'
import type { ExecOptions, Host, Outcome } from '../target.ts'
import { endCommand, writeCommand } from './commands.ts'
import { Transcript } from './transcript.ts'
import type { Transport } from './transport.ts'

/** Milliseconds that a host has, after its own time limit and grace, to tell that a step ended. */
const LATE = 10_000

/** Exit code of a run that was aborted. */
export const ABORTED = 130

export interface RemoteHost extends Host {
  /** Opens a session and keeps it for the first step. @throws Lost in the words of the transport */
  connect(): Promise<void>
  close(): void
}

export function remoteHost(transport: Transport, about: Pick<Host, 'name' | 'roles' | 'address'>): RemoteHost {
  const pool = new Pool(transport)
  return {
    ...about,
    bash: (script, options) => {
      const { timeout, env } = options
      return execute(pool, { timeout, bytes: Buffer.from(script), ...env ? { env } : {} }, options)
    },
    write: (path, text, { mode, owner, timeout }) => {
      const bytes = Buffer.from(text)
      return execute(pool, { timeout, bytes, argv: writeCommand(path, bytes.length, mode, owner) }, { timeout })
    },
    connect: () => pool.open(),
    close: () => pool.close(),
  }
}

async function execute(pool: Pool, step: Step, options: ExecOptions): Promise<Outcome> {
  const started = performance.now()
  const transcript = new Transcript(options.onOutput)
  const outcome = (exit: number, more: Partial<Outcome> = {}): Outcome => ({
    exit,
    stdout: transcript.stdout, stderr: transcript.stderr, output: transcript.output,
    durationMs: performance.now() - started,
    timedOut: false,
    ...more,
  })
  const aborted = (): boolean => options.signal?.aborted ?? false
  if (aborted()) return outcome(ABORTED)

  let session: Session
  try {
    session = await pool.take()
  } catch (error) {
    if (!(error instanceof Lost)) throw error
    return aborted() ? outcome(ABORTED) : outcome(255, { transportError: error.message })
  }
  const out = new StringDecoder('utf8')
  const err = new StringDecoder('utf8')
  const run = session.nextRun
  let ending: Promise<Lost | undefined> | undefined
  let late = false
  let lost: Lost | undefined
  const running = session.run(step, {
    out: bytes => transcript.out(out.write(bytes)),
    err: bytes => transcript.err(err.write(bytes)),
  }).catch((error: unknown) => {
    if (!(error instanceof Lost)) throw error
    lost = error
    return undefined
  })
  const end = (): void => { ending ??= endRun(pool, run, session, running) }
  const timer = setTimeout(() => { late = true; end() }, step.timeout + GRACE_S * 1000 + LATE)
  options.signal?.addEventListener('abort', end, { once: true })
  if (aborted()) end()
  const mark = await running
  clearTimeout(timer)
  options.signal?.removeEventListener('abort', end)
  // A host that has gone silent looks like a step that takes too long, until somebody knocks.
  lost ??= await ending
  transcript.out(out.end())
  transcript.err(err.end())

  // What outlived its shell has ignored SIGTERM.
  if (mark?.late) await endRun(pool, run, session, Promise.resolve(mark))
  pool.give(session)
  if (aborted()) return outcome(ABORTED)
  if (mark?.late || (late && lost === undefined)) return outcome(124, { timedOut: true })
  if (mark === undefined) return outcome(255, { transportError: lost?.message ?? `${pool.transport.place}: no answer` })
  return outcome(mark.exit)
}

/**
 * Ends a run on its host, by a session of its own; a step that even so does not end loses its session.
 * @returns why the host could not be reached, when it could not
 */
async function endRun(pool: Pool, run: string, session: Session, running: Promise<unknown>): Promise<Lost | undefined> {
  let lost: Lost | undefined
  let ended = false
  const end = running.then(() => { ended = true })
  // More than once: the first may come before the host has started the step.
  for (let tries = 0; tries === 0 || (tries < 3 && !ended); tries++) {
    const killer = await pool.take().catch((error: unknown) => {
      if (!(error instanceof Lost)) throw error
      lost = error
    })
    if (!killer) break
    const step = { bytes: Buffer.alloc(0), timeout: GRACE_S * 1000 + LATE, argv: endCommand(run) }
    await killer.run(step, { out: () => undefined, err: () => undefined }).then(() => pool.give(killer), () => undefined)
    await Promise.race([end, wait(1_000, undefined, { ref: false })])
  }
  if (!ended) session.kill()
  return lost
}
