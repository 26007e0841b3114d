/** Flannel: a DaemonSet in our own node image; in k3s a part of the program, which leaves its traces on the nodes only. */
import { daemonSetProblems, noAnswer } from '../health.ts'
import type { Kubectl } from '../cluster/kubectl.ts'
import type { Cni } from './cni.ts'

const NAMESPACE = 'kube-flannel'
const DAEMON_SET = 'kube-flannel-ds'

export const flannel: Cni = {
  name: 'flannel',
  byDefault: true,
  network: true,
  install: async () => undefined,
  problems: (kubectl, count) => daemonSetProblems(kubectl, NAMESPACE, DAEMON_SET, count, () => problemsInK3s(kubectl, count)),
}

/** k3s marks each of its nodes, and so does the Flannel in it (pkg/subnet/kube/annotations.go of flannel). */
async function problemsInK3s(kubectl: Kubectl, count: number): Promise<string[]> {
  const out = await kubectl(['get', 'nodes', '--request-timeout=5s', '--output=json']).catch((error: Error) => error)
  if (out instanceof Error) return [noAnswer(out)]
  const nodes = JSON.parse(out) as Nodes
  const running = nodes.items.filter(({ metadata: { annotations = {} } }) =>
    'k3s.io/hostname' in annotations && 'flannel.alpha.coreos.com/backend-type' in annotations)
  return running.length === count ? [] : [`flannel: there is no DaemonSet ${NAMESPACE}/${DAEMON_SET}, and k3s's own runs on ${running.length} of ${count} nodes`]
}

interface Nodes {
  readonly items: readonly { readonly metadata: { readonly annotations?: Readonly<Record<string, string>> } }[]
}
