import { daemonSetProblems } from '../health.ts'
import type { Cni } from './cni.ts'

/** kind's own network, which kind's node image brings. */
export const kindnet: Cni = {
  name: 'kindnet',
  byDefault: true,
  network: true,
  install: async () => undefined,
  problems: (kubectl, count) => daemonSetProblems(kubectl, 'kube-system', 'kindnet', count),
}
