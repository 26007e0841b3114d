/** The lab of a verification: reused where one runs, else made; and what becomes of it afterwards. */
import { backendNamed } from '../lab/cluster/backends.ts'
import { bringUp, find, type Lab, type LabSpec } from '../lab/lab.ts'
import { reap } from '../lab/reap/reap.ts'
import type { Result } from '../report/result.ts'
import { withAgents } from '../lab/topology/plan.ts'
import { topologyNamed } from '../lab/topology/topologies.ts'
import type { Topology } from '../lab/topology/topology.ts'
import { BadInput } from '../runbook/errors.ts'
import { duration } from '../report/duration.ts'
import { Interrupted } from '../run/errors.ts'
import { whyNotReusable, whyOther } from '../target/kind.ts'
import type { Screen } from './progress.ts'
import type { Cell } from '../matrix/cells.ts'

export interface LabForOptions {
  readonly signal: AbortSignal
  readonly keep: boolean
  /** Take the lab as it is, whatever state it is in: `--from` goes on where another run ended. */
  readonly any: boolean
}

export interface Place extends AsyncDisposable {
  readonly lab: Lab
  /** For the next runbook: the lab as it was made, put back or made anew where the last one left something. */
  refresh(): Promise<Lab>
  /** What was found out: a lab that was there before stays when it is as it was. */
  tell(result: Result): void
}

/** The lab that a runbook states. */
export const labSpec = (name: string, { target, topology, cni, cilium, haproxy, agents }: Cell): LabSpec => ({
  name, target: backendNamed(target).name, topology: sized(topologyNamed(topology), agents), cni: cni as LabSpec['cni'],
  ...cilium === undefined ? {} : { ciliumVersion: cilium },
  ...haproxy === undefined ? {} : { haproxyVersion: haproxy },
})

const sized = (topology: Topology, agents: number | undefined): Topology => agents === undefined ? topology : withAgents(topology, agents)

/** @throws BadInput when `any` is asked for and there is none */
export async function labFor(spec: LabSpec, screen: Screen, { signal, keep, any }: LabForOptions): Promise<Place> {
  const started = performance.now()
  await reap(screen)
  const before = await find(spec.name)
  if (any && !before) {
    throw new BadInput(`received --from, expected a lab "${spec.name}" that is up: verify with --keep first, then go on with --from`)
  }
  const why = before === undefined || any ? [] : await whyNotReusable(before, spec)
  if (signal.aborted) {
    if (before) await screen.stage(`remove lab ${spec.name}`, () => before.down())
    throw new Interrupted()
  }
  const reset = before !== undefined && why.length > 0 && whyOther(before, spec).length === 0
    ? await screen.stage(`reset lab ${spec.name}, since ${why[0]}`, () => before.reset(signal)) : undefined
  const reused = before !== undefined && (why.length === 0 || reset?.pristine === true)
  if (reused) screen.note(`lab      ${spec.name} reused${any ? ' as it is' : `, checked in ${duration(performance.now() - started)}`}`)
  else if (before) {
    const reasons = reset?.left ?? why
    screen.note(`lab      ${spec.name} is made anew, since ${reasons[0]}${reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : ''}`)
  }
  let lab = reused ? before : await bringUp(spec, screen, { signal, keep })

  let unharmed = false
  return {
    get lab() { return lab },
    async refresh() {
      const left = await whyNotReusable(lab, spec)
      if (left.length === 0) return lab
      const { pristine } = await screen.stage(`reset lab ${spec.name}, since ${left[0]}`, () => lab.reset(signal))
      if (!pristine) lab = await bringUp(spec, screen, { signal, keep })
      return lab
    },
    tell({ verdict }) { unharmed = ['verified', 'flaky', 'stand-in', 'not-run'].includes(verdict) },
    async [Symbol.asyncDispose]() {
      const asBefore = async (): Promise<boolean> => unharmed || (await whyNotReusable(lab)).length === 0
      const stays = !signal.aborted && (keep || (reused && await asBefore()))
      if (stays) screen.note(`lab      ${spec.name} stays up; remove it: npx proofbook lab down${spec.name === 'lab' ? '' : ` --lab ${spec.name}`}`)
      else await screen.stage(`remove lab ${spec.name}`, () => lab.down())
    },
  }
}
