/** What `run`, `run --resume` and `rollback` have in common. */
import { relative } from 'node:path'
import { writeText } from '../report/store.ts'
import type { Result } from '../report/result.ts'
import { BadInput } from '../runbook/errors.ts'
import { Undecided } from '../run/errors.ts'
import { stateRoot, type RunFolder } from '../run/folder.ts'
import { lockHosts } from '../run/host-lock.ts'
import { takeLock } from '../run/lock.ts'
import type { Target } from '../target/target.ts'
import { failureText } from './failure.ts'
import { print, printJson } from './output.ts'
import type { Screen } from './progress.ts'
import { canAsk } from './terminal.ts'

/** @throws BadInput at once when nobody can be asked and nobody said yes */
export function refuseSilence({ yes }: { readonly yes?: boolean }): void {
  if (yes || canAsk()) return
  throw new BadInput('no terminal to ask on: received neither a terminal nor --yes, expected one of them (--dry-run shows what would run)')
}

export interface Locking {
  readonly keys: readonly string[]
  readonly target: Target
  readonly run: string
  readonly breakLock: boolean | undefined
}

/**
 * Keeps other runs of this user away, and on a reader's own machines those of other readers too.
 * @throws Locked
 */
export async function lockFor({ keys, target, run, breakLock: breakStale = false }: Locking, screen: Screen): Promise<AsyncDisposable> {
  const own = takeLock({ root: stateRoot(), keys, run, breakStale })
  try {
    for (const { run: holder, pid, since } of own.broken) {
      if (holder !== run) screen.note(`lock     taken over from run ${holder}, whose process ${pid} is gone (since ${since}): what it did last may be half done`)
    }
    const hosts = target.name === 'hosts' ? target.hosts.filter(({ address }) => address !== undefined) : []
    const onHosts = await lockHosts({ hosts, run, breakStale })
    return {
      async [Symbol.asyncDispose]() {
        await onHosts[Symbol.asyncDispose]()
        own[Symbol.dispose]()
      },
    }
  } catch (error) {
    own[Symbol.dispose]()
    throw error
  }
}

/** Tells the one who is not at a terminal how to decide. */
export async function withAdvice<T>(work: Promise<T>, advice: (step: string) => string): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Undecided) throw new Undecided(error.step, `${error.message}.\n${advice(error.step)}`)
    throw error
  }
}

export interface Told {
  readonly command: 'run' | 'rollback'
  readonly result: Result
  readonly folder: RunFolder
  readonly page: string
  readonly json: boolean
}

/** Writes the report and tells how it ended. */
export async function tellEnd({ command, result, folder, page, json }: Told, screen: Screen): Promise<void> {
  // Not before the first step: it takes some modules, and it is of use at the end.
  const { html } = await import('../report/html.ts')
  await writeText(folder.report, html(result))
  process.exitCode = exitCodeOf(result)
  if (result.failure) screen.note(failureText(result.failure, page, nextAfter(command, folder.id, result)))
  if (result.reason?.startsWith('stopped')) screen.note(`${result.reason}\n     next      ${nextAfterStop(command, folder.id, result.reason)}`)
  const shown = (file: string): string => relative(process.cwd(), file).startsWith('..') ? file : relative(process.cwd(), file)
  if (json) return printJson(command, { ok: process.exitCode === 0, run: folder.id, result, files: { folder: shown(folder.path), report: shown(folder.report) } })
  const word = process.exitCode === 0 ? command === 'run' ? 'done' : 'undone' : result.verdict === 'failed' ? 'failed' : result.reason
  print(`${word} ${result.runbook} on ${result.target}   run: ${folder.id}`)
}

function nextAfterStop(command: Told['command'], id: string, reason: string): string {
  if (command === 'rollback') return `go on: npx proofbook rollback ${id}`
  return `go on: npx proofbook run --resume ${id}${reason.includes('--allow-destructive') ? ' --yes --allow-destructive' : ''}`
}

function nextAfter(command: Told['command'], id: string, { failure }: Result): string[] {
  if (command === 'rollback') return [`go on after a repair: npx proofbook rollback ${id}`]
  const step = failure?.kind === 'step' ? ` --again ${failure.name}` : ''
  return [`go on after a repair: npx proofbook run --resume ${id}${step}`, `undo what was done: npx proofbook rollback ${id}`]
}

/** A run proves nothing, so that `not-run` is its good end; one that stopped early is not complete. */
function exitCodeOf({ verdict, reason }: Result): number {
  if (verdict === 'failed') return 1
  if (verdict === 'infrastructure-error') return reason === 'interrupted' ? 130 : 4
  if (!reason?.startsWith('stopped')) return 0
  return reason.includes('--allow-destructive') ? 3 : 130
}
