/** Networks that the node image brings: flannel in our own, kindnet in kind's. */
import { daemonSetProblems } from '../health.ts'
import type { Cni } from './cni.ts'

export const flannel: Cni = byDefault('flannel', 'kube-flannel', 'kube-flannel-ds')

export const kindnet: Cni = byDefault('kindnet', 'kube-system', 'kindnet')

function byDefault(name: 'flannel' | 'kindnet', namespace: string, daemonSet: string): Cni {
  return {
    name,
    byDefault: true,
    network: true,
    install: async () => undefined,
    problems: (kubectl, count) => daemonSetProblems(kubectl, namespace, daemonSet, count),
  }
}
