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
  kind: flags => openLab(flags),
  k3d: flags => openLab(flags),
  async local() {
    const { localTarget } = await import('../target/local.ts')
    return localTarget()
  },
}

async function openLab({ lab: name, target }: TargetFlags): Promise<Target> {
  const { find } = await import('../lab/lab.ts')
  const { labTarget } = await import('../target/lab.ts')
  const lab = await find(name)
  const up = `npx proofbook lab up --target ${target}${name === 'lab' ? '' : ` --lab ${name}`}`
  if (!lab) throw new BadInput(`no lab "${name}" is up; bring it up: ${up}`)
  if (lab.record.target !== target) throw new BadInput(`received --target ${target}, and lab "${name}" is one of ${lab.record.target}; name another one: --lab NAME`)
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
  return name === 'hosts' ? target.hosts.map(({ address }) => address ?? 'local') : [name]
}

export function openTarget(flags: TargetFlags): Promise<Target> {
  return targets[flags.target]!(flags)
}
