/**
 * What a script is going to do, found by letting it call a Book that only takes notes.
 */
import type { Block, BlockKind } from '../runbook/model.ts'
import type { BlockOptions, Book, Script } from '../script/api.ts'
import { blockOf } from '../script/options.ts'

/** One call of a script with its defaults filled in; variables are not filled in yet. */
export type Planned = Block & { readonly line: number }

/** Every call of the script, in the order in which it makes them. */
export async function planOf(script: Script): Promise<Planned[]> {
  const plan: Planned[] = []
  await script.main(bookOf(async block => { plan.push(block) }))
  return plan
}

/** A Book that hands every call to one function. */
export function bookOf(handle: (block: Planned) => Promise<void>): Book {
  const call = (kind: BlockKind) => (name: string, options: BlockOptions, text: string): Promise<void> =>
    handle({ ...blockOf(kind, name, options, text), line: options.line })
  return {
    precheck: call('precheck'),
    step: call('step'),
    check: call('check'),
    drill: call('drill'),
    rollback: call('rollback'),
    cleanup: call('cleanup'),
    skip: call('skip'),
  }
}

/** The checks that belong to a step: those behind it, up to the next step. */
export function checksOf(plan: readonly Planned[], step: Planned): Planned[] {
  const page = plan.filter(({ kind }) => kind === 'step' || kind === 'check')
  const from = page.findIndex(({ kind, name }) => kind === 'step' && name === step.name) + 1
  const next = page.findIndex(({ kind }, index) => index >= from && kind === 'step')
  return page.slice(from, next < 0 ? undefined : next)
}

/** How often each kind occurs, for the line that tells the plan. */
export function countKinds(plan: readonly Planned[]): Record<BlockKind, number> {
  const counts: Record<BlockKind, number> = {
    precheck: 0, step: 0, check: 0, drill: 0, rollback: 0, cleanup: 0, skip: 0,
  }
  for (const { kind } of plan) counts[kind]++
  return counts
}

/** Blocks that a reader goes through one by one; undo and cleanup are not named on the command line. */
export function walkable({ kind }: Planned): boolean {
  return kind !== 'rollback' && kind !== 'cleanup' && kind !== 'skip'
}
