/** The target that `run --target` names. */
import { BadInput } from '../runbook/errors.ts'
import { didYouMean } from '../runbook/suggest.ts'
import type { Planned } from '../run/plan.ts'
import type { Target } from '../target/target.ts'
import type { RunFlags } from './commands/run.ts'
import { createProgress } from './progress.ts'
import { canAsk } from './terminal.ts'

export type TargetFlags = Pick<RunFlags, 'target' | 'inventory' | 'lab' | 'context'>

/** What is going to run, for a target that is looked at before anything does. */
export interface Opening {
  readonly plan: readonly Planned[]
  readonly signal: AbortSignal
}

const targets: Readonly<Record<string, (flags: TargetFlags, opening: Opening) => Promise<Target>>> = {
  async hosts({ inventory, context }, { plan, signal }) {
    const { openHosts } = await import('../target/hosts.ts')
    const { askSecret } = await import('./ask-secret.ts')
    return openHosts(inventory!, {
      blocks: plan, signal,
      ...context === undefined ? {} : { context },
      ...canAsk() ? { ask: text => askSecret(text, signal) } : {},
    })
  },
  kind: (flags, opening) => openLab(flags, opening),
  k3d: (flags, opening) => openLab(flags, opening),
  async local() {
    const { localTarget } = await import('../target/local.ts')
    return localTarget({ warm: true })
  },
}

async function openLab({ lab: name, target }: TargetFlags, { plan, signal }: Opening): Promise<Target> {
  const { find } = await import('../lab/lab.ts')
  const { labTarget } = await import('../target/lab.ts')
  const lab = await find(name)
  const up = `npx proofbook lab up --target ${target}${name === 'lab' ? '' : ` --lab ${name}`}`
  if (!lab) throw new BadInput(`no lab "${name}" is up; bring it up: ${up}`)
  if (lab.record.target !== target) throw new BadInput(`received --target ${target}, and lab "${name}" is one of ${lab.record.target}; name another one: --lab NAME`)
  const { bringPageImages } = await import('../lab/images/page-images.ts')
  await bringPageImages(lab, plan.map(({ text }) => text).join('\n'), createProgress(), signal)
  return labTarget(lab)
}

/** @throws BadInput before anything is asked or reached */
export function checkTarget({ target, inventory }: TargetFlags): void {
  if (!Object.hasOwn(targets, target)) {
    const names = Object.keys(targets)
    throw new BadInput(`received --target ${target}, expected ${names.join(', ')}${didYouMean(target, names)}`)
  }
  if (target === 'hosts' && inventory === undefined) {
    throw new BadInput('received --target hosts without an inventory, expected --inventory FILE that names your machines '
      + '(or --target kind to practise in a lab)')
  }
}

/** What a run on that target must have for itself. */
export function lockKeys({ target: name, lab }: TargetFlags, target: Target): string[] {
  if (target.lab) return [`lab-${lab}`]
  if (name !== 'hosts') return [name]
  return [...target.hosts.map(({ address }) => address ?? 'local'), ...target.cluster === undefined ? [] : [target.cluster]]
}

/** @throws BadInput, HostsNotReady: nothing has run then */
export function openTarget(flags: TargetFlags, opening: Opening): Promise<Target> {
  return targets[flags.target]!(flags, opening)
}
