/** An ephemeral k3d lab as a target: k3s in containers, or a stand-in for it, which the facts, the summary and the result tell. */
import type { Lab } from '../lab/lab.ts'
import { standInOf } from '../report/stand-in.ts'
import { fromLab } from './kind.ts'
import type { Target } from './target.ts'

/** Starts nothing and asks nothing: the lab is up. */
export async function k3dTarget(lab: Lab): Promise<Target> {
  const { records } = lab.record.images
  const standIn = standInOf(records)
  const k3s = records.find(({ name }) => name.includes('rancher/k3s:'))
  return fromLab(lab, {
    distro: 'k3s',
    facts: standIn === undefined ? {} : { 'stand-in': 'true' },
    what: standIn === undefined ? `k3s ${k3s?.version} (${k3s?.supply})` : `a stand-in for k3s (${standIn}: not k3s)`,
  })
}
