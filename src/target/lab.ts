/** The target that a lab is, by what made its cluster. */
import type { BackendName } from '../lab/cluster/backend.ts'
import type { Lab } from '../lab/lab.ts'
import { k3dTarget } from './k3d.ts'
import { kindTarget } from './kind.ts'
import type { Target } from './target.ts'

const targets: Readonly<Record<BackendName, (lab: Lab) => Promise<Target>>> = { kind: kindTarget, k3d: k3dTarget }

export const labTargets = Object.keys(targets) as BackendName[]

export const labTarget = (lab: Lab): Promise<Target> => targets[lab.record.target](lab)
