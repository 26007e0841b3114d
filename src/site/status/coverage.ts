/** How much of a page a result speaks for. */
import type { Result } from '../../report/result.ts'
import type { Runbook } from '../../runbook/model.ts'

export interface Coverage {
  /** Blocks of the page that did something in the run. */
  readonly ran: number
  /** Blocks of the page, save those that are only shown. */
  readonly blocks: number
  /** Names of those that did not run, with the reason that the run gave. */
  readonly missing: readonly { readonly name: string, readonly reason: string }[]
  /** Blocks marked `skip`: shown, never run. */
  readonly shownOnly: number
}

export function coverageOf({ blocks }: Pick<Runbook, 'blocks'>, result: Pick<Result, 'blocks'> | undefined): Coverage {
  const own = blocks.filter(({ kind }) => kind !== 'skip')
  const runs = own.map(({ kind, name }) => ({ name, runs: (result?.blocks ?? []).filter(run => run.kind === kind && run.name === name) }))
  const missing = runs.filter(({ runs }) => !runs.some(({ status }) => status === 'ok' || status === 'failed'))
  return {
    ran: own.length - missing.length,
    blocks: own.length,
    missing: missing.map(({ name, runs: [run] }) => ({ name, reason: run?.reason ?? 'not in the result' })),
    shownOnly: blocks.length - own.length,
  }
}
