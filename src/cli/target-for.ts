/** The target that `run --target` names. */
import { BadInput } from '../runbook/errors.ts'
import { didYouMean } from '../runbook/suggest.ts'
import type { Target } from '../target/target.ts'
import type { RunFlags } from './commands/run.ts'

export type TargetFlags = Pick<RunFlags, 'target' | 'inventory' | 'lab'>

const targets: Readonly<Record<string, (flags: TargetFlags) => Promise<Target>>> = {
  async hosts({ inventory }) {
    const { hostsTarget } = await import('../target/hosts.ts')
    return hostsTarget(inventory!)
  },
  async kind({ lab: name }) {
    const { find } = await import('../lab/lab.ts')
    const { kindTarget } = await import('../target/kind.ts')
    const lab = await find(name)
    if (!lab) throw new BadInput(`no lab "${name}" is up; bring it up: npx proofbook lab up${name === 'lab' ? '' : ` --lab ${name}`}`)
    return kindTarget(lab)
  },
  async local() {
    const { localTarget } = await import('../target/local.ts')
    return localTarget()
  },
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
  return name === 'hosts' ? target.hosts.map(({ address }) => address ?? 'local') : [name]
}

export function openTarget(flags: TargetFlags): Promise<Target> {
  return targets[flags.target]!(flags)
}
