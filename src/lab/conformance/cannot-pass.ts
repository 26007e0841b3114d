/**
 * Cases of Kubernetes' e2e tests that were run on a lab and cannot pass there, each with the reason and what was seen.
 * All 47 that are [sig-network] and [Conformance] pass on kind with flannel (Kubernetes v1.36.4): none of them is here.
 */
import type { CniName } from '../cni/cni.ts'

export interface CannotPass {
  /** The end of the case's name. */
  readonly name: string
  /** Networks on which it fails; on all where there is none. */
  readonly on?: readonly CniName[]
  readonly why: string
  readonly seen: string
}

export const cannotPass: readonly CannotPass[] = [
  {
    name: '[sig-network] Netpol NetworkPolicy between server and client should support a \'default-deny-ingress\' policy [Feature:NetworkPolicy]',
    on: ['flannel'],
    why: 'the network enforces no NetworkPolicy, and no case of [Feature:NetworkPolicy] that denies something can pass',
    seen: 'flannel: "Had 6 wrong results in reachability matrix"; proofbook lab probe says not-enforced',
  },
]

/** Undefined for a case that is to pass on that network. */
export const reasonFor = (name: string, cni: CniName): string | undefined =>
  cannotPass.find(known => name.endsWith(known.name) && (known.on?.includes(cni) ?? true))?.why
