/** The network of a lab's cluster. One file each; what a lab must know of it is behind this. */
import type { Making } from '../bring-up.ts'
import type { Kubectl } from '../cluster/kubectl.ts'

export const cniNames = ['flannel', 'cilium', 'calico', 'kindnet', 'none'] as const
export type CniName = typeof cniNames[number]

export interface Cni {
  readonly name: CniName
  /** The node image installs it by itself, as part of the cluster's creation. */
  readonly byDefault: boolean
  /** Pods get addresses: false for none, where nodes stay NotReady and nothing but what uses the node's network runs. */
  readonly network: boolean
  /** Puts it in, once the API answers; need not wait until it works. Nothing to do when it is there by default. */
  install(making: Making, update: (detail: string) => void): Promise<void>
  /** What it lacks to work; empty when pods have a network. `count`: nodes of the cluster. */
  problems(kubectl: Kubectl, count: number): Promise<string[]>
}
