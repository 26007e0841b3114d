/** What a cluster's network says that it is, and what should enforce policies there. Says nothing about whether it does. */
import type { Kubectl } from '../probe/kubectl.ts'

const known: readonly [name: RegExp, what: string][] = [
  [/^cilium$/, 'Cilium'], [/^(calico-node|canal)$/, 'Calico'], [/^kube-router$/, 'kube-router'], [/^antrea-agent$/, 'Antrea'], [/^weave-net$/, 'Weave Net'],
  [/^kube-network-policies$/, 'kube-network-policies'], [/^kindnet$/, 'kindnet'], [/^kube-flannel/, 'nothing: Flannel alone enforces no policy'],
]

/** k3s runs kube-router's controller in its own process, unless it was started with --disable-network-policy. */
export async function enforcerOf(kubectl: Kubectl): Promise<string> {
  const [sets, nodes] = await Promise.all([
    kubectl(['get', 'daemonsets', '--all-namespaces', '--output=jsonpath={.items[*].metadata.name}']),
    kubectl(['get', 'nodes', '--output=jsonpath={.items[*].status.nodeInfo.kubeletVersion}']),
  ]).catch(() => ['', ''])
  const found = known.find(([name]) => sets!.split(' ').some(set => name.test(set)))?.[1]
  return found ?? (nodes!.includes('+k3s') ? 'k3s\'s own controller (kube-router)' : 'unknown')
}
