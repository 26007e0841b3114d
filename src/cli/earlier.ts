/** A run of before, made ready to go on with: its script, values and target. */
import { BadInput } from '../runbook/errors.ts'
import { stateRoot } from '../run/folder.ts'
import { findRun, type EarlierRun } from '../run/runs.ts'
import { planOf, type Planned } from '../run/plan.ts'
import type { Decided, Decision } from '../run/settle.ts'
import type { Script } from '../script/api.ts'
import { loadScript } from '../script/load.ts'
import type { Target } from '../target/target.ts'
import type { How } from './run-command.ts'

export interface Reopened extends EarlierRun {
  readonly script: Script
  readonly plan: readonly Planned[]
  readonly how: How
  readonly values: Readonly<Record<string, string>>
}

/** @throws BadInput when there is no such run, or it is none of `proofbook run` */
export async function reopen(name: string): Promise<Reopened> {
  const run = findRun(stateRoot(), name)
  const { begin, folder } = run
  if (begin.how === undefined) throw new BadInput(`${folder.journal}: received a journal of proofbook ${begin.mode}, expected one of proofbook run`)
  // The script that the run was begun with, whatever has become of the page.
  const script = await loadScript(folder.script)
  return { ...run, script, plan: await planOf(script), how: begin.how as unknown as How, values: begin.values }
}

/** @throws BadInput when the machines of the inventory work on another cluster than the run did */
export function refuseOtherCluster({ how: { cluster } }: Pick<Reopened, 'how'>, target: Pick<Target, 'cluster'>): void {
  if (cluster === undefined || target.cluster === undefined || cluster === target.cluster) return
  throw new BadInput(`received ${target.cluster}, expected the cluster that the run was begun on: ${cluster}; put inventory and kubeconfig back as they were`)
}

/** @throws BadInput when a flag names no step of the run that is open */
export function decisions({ plan, standing }: Reopened, flags: Readonly<Record<string, { readonly steps: readonly string[] | undefined, readonly as: Decision }>>): Decided {
  const decided = new Map<string, Decision>()
  for (const [flag, { steps = [], as }] of Object.entries(flags)) {
    for (const name of steps) {
      const open = standing.order.filter(step => [...standing.step(step).values()].some(({ state }) => state !== 'done'))
      if (!open.includes(name)) {
        const known = plan.some(block => block.kind === 'step' && block.name === name)
        throw new BadInput(`received --${flag} ${name}, expected a step of which it is open whether it is done: ${open.join(', ') || 'there is none'}`
          + (known ? '' : `; ${name} is no step of this page`))
      }
      decided.set(name, as)
    }
  }
  return decided
}
