/** Flannel: a DaemonSet in our own node image; in k3s a part of the program, which leaves its traces on the nodes only. */
import { itemProblems, noAnswer, type Item } from '../health.ts'
import type { Kubectl } from '../cluster/kubectl.ts'
import type { Cni } from './cni.ts'

const NAMESPACE = 'kube-flannel'
const DAEMON_SET = 'kube-flannel-ds'

export const flannel: Cni = {
  name: 'flannel',
  byDefault: true,
  network: true,
  install: async () => undefined,
  problems,
}

/** One call of kubectl, since it is asked again and again. */
async function problems(kubectl: Kubectl, count: number): Promise<string[]> {
  const out = await kubectl(['-n', NAMESPACE, 'get', 'daemonsets,nodes', '--request-timeout=5s', '--output=json']).catch((error: Error) => error)
  if (out instanceof Error) return [noAnswer(out)]
  const { items } = JSON.parse(out) as { items: Item[] }
  const nodes = items.filter(({ kind }) => kind === 'Node')
  const daemonSet = items.find(({ kind, metadata }) => kind === 'DaemonSet' && metadata.name === DAEMON_SET)
  if (daemonSet === undefined) return problemsInK3s(nodes, count)
  // Its pods have no probe: Ready is not yet the file from which pods get their addresses. The node's condition comes after that.
  const without = nodes.filter(({ status }) => !status.conditions?.some(({ type, status: is }) => type === 'NetworkUnavailable' && is === 'False'))
  return [...itemProblems(daemonSet, count), ...without.map(({ metadata }) => `flannel: node ${metadata.name} has no network yet`)]
}

/** k3s marks each of its nodes, and so does the Flannel in it (pkg/subnet/kube/annotations.go of flannel). */
function problemsInK3s(nodes: readonly Item[], count: number): string[] {
  const running = nodes.filter(({ metadata: { annotations = {} } }) =>
    'k3s.io/hostname' in annotations && 'flannel.alpha.coreos.com/backend-type' in annotations)
  return running.length === count ? [] : [`flannel: there is no DaemonSet ${NAMESPACE}/${DAEMON_SET}, and k3s's own runs on ${running.length} of ${count} nodes`]
}
