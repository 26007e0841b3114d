import { didYouMean } from '../../runbook/suggest.ts'
import { LabError } from '../errors.ts'
import { cniNames, type Cni, type CniName } from './cni.ts'
import { cilium } from './cilium.ts'
import { flannel } from './flannel.ts'
import { kindnet } from './kindnet.ts'
import { none } from './none.ts'

/** Register new networks here. Those that no lab has are below, with the reason. */
export const cnis: readonly Cni[] = [flannel, kindnet, cilium, none]

/** Calico's Go module is served without projectcalico/api, which it needs: it cannot be built from package registries. */
const NOT_RUN: Partial<Record<CniName, string>> = {
  calico: 'not run: a lab installs no Calico yet, since it comes as images of its own registry only (quay.io/calico) and cannot be built from package registries',
}

/** @throws LabError when there is none of that name */
export function cniNamed(name: string): Cni {
  const found = cnis.find(cni => cni.name === name)
  if (found) return found
  const why = NOT_RUN[name as CniName]
  throw new LabError(why ?? `received CNI "${name}", expected one of: ${cniNames.join(', ')}${didYouMean(name, [...cniNames])}`)
}
