/** Pods that are only waiting for their next try, in a cluster that begins: in the place of each a new one starts at once. */
import type { Kubectl } from './kubectl.ts'

interface Pod {
  readonly metadata: { readonly namespace: string, readonly name: string }
  readonly spec: { readonly nodeName?: string, readonly hostNetwork?: boolean }
  readonly status: {
    readonly conditions?: readonly { readonly type: string, readonly status: string }[]
    readonly containerStatuses?: readonly { readonly state: { readonly waiting?: { readonly reason: string } } }[]
  }
}

/**
 * Those that came before their node's network, such as CoreDNS, which the kubelet tries again after 10 to 15 s; and those
 * that found no node that was ready: the scheduler waits longer after each try, up to 10 s.
 */
export const earlyAnew = (kubectl: Kubectl): Promise<void> => anew(kubectl, ['--field-selector=status.phase=Pending'], ({ spec, status }) => spec.hostNetwork !== true
  && (spec.nodeName === undefined || !!status.conditions?.some(({ type, status: is }) => type === 'PodReadyToStartContainers' && is === 'False')))

/** Milliseconds after which a pod that fails again and again is not left to the kubelet. */
const PATIENCE = 1_500

/**
 * Looks for what has failed more than once whenever `check` finds a problem, after the first moments. Flannel ends when
 * it starts before its node's kube-proxy, and after the second time the kubelet waits for 10 s and more.
 */
export function withoutPause(kubectl: Kubectl, check: () => Promise<string[]>): () => Promise<string[]> {
  const since = performance.now()
  return async () => {
    const problems = await check()
    if (problems.length > 0 && performance.now() - since > PATIENCE) {
      await anew(kubectl, [], ({ status }) => !!status.containerStatuses?.some(({ state }) => state.waiting?.reason === 'CrashLoopBackOff'))
    }
    return problems
  }
}

/** A kubectl that gets no answer is not told: whoever waits asks again, and tells what is missing. */
async function anew(kubectl: Kubectl, selector: readonly string[], which: (pod: Pod) => boolean): Promise<void> {
  const out = await kubectl(['get', 'pods', '--all-namespaces', ...selector, '--request-timeout=5s', '--output=json']).catch(() => '{"items":[]}')
  await Promise.all((JSON.parse(out) as { items: Pod[] }).items.filter(which).map(({ metadata: { namespace, name } }) =>
    kubectl(['--namespace', namespace, 'delete', 'pod', name, '--ignore-not-found', '--force', '--grace-period=0', '--wait=false']).catch(() => '')))
}
