/** The machine that runs Proofbook, as host `lab` of a lab's runbooks: drills work its power from there. */
import { dirname } from 'node:path'
import type { Lab } from '../../lab/lab.ts'
import { powerCommand } from '../../lab/power-command.ts'
import { LAB_HOST } from '../../runbook/topologies.ts'
import { localTarget } from '../local.ts'
import type { Host } from '../target.ts'

/** The commands `power` and `proofbook` are on PATH, and the lab's name is PROOFBOOK_LAB. Nothing else of the lab is: its kubeconfig belongs to the workstation. */
export function labMachine(lab: Lab): Host {
  const [here] = localTarget({ hosts: [{ name: LAB_HOST, roles: [] }], cwd: lab.folder }).hosts
  if (here === undefined) throw new Error('a local target has no host')
  return {
    ...here,
    bash: (script, options) => here.bash(script, {
      ...options,
      env: { PATH: `${dirname(powerCommand(lab.folder))}:${process.env.PATH ?? ''}`, PROOFBOOK_LAB: lab.record.name, ...options.env },
    }),
  }
}
