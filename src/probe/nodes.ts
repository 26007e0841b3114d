/** The nodes of a cluster, as far as a probe needs them. */
import { ProbeError } from './errors.ts'
import type { Kubectl } from './kubectl.ts'

export interface Node {
  readonly name: string
  /** InternalIP of the cluster's first address family. */
  readonly address: string
  readonly ready: boolean
}

interface NodeObject {
  readonly metadata: { readonly name: string, readonly labels?: Readonly<Record<string, string>> }
  readonly status: {
    readonly addresses?: readonly { readonly type: string, readonly address: string }[]
    readonly conditions?: readonly { readonly type: string, readonly status: string }[]
  }
}

/** @throws ProbeError when the cluster does not answer or has no Linux node */
export async function nodesOf(kubectl: Kubectl, signal?: AbortSignal): Promise<Node[]> {
  const json = await kubectl(['get', 'nodes', '--output=json', '--request-timeout=20s'], { ...signal && { signal } }).catch((error: Error) => {
    signal?.throwIfAborted()
    throw new ProbeError(`the cluster does not tell its nodes: ${error.message.trim().split('\n').at(-1)}\nTry: kubectl get nodes`)
  })
  const nodes = parseNodes(json)
  if (nodes.length === 0) throw new ProbeError('the cluster has no Linux node, expected at least one: kubectl get nodes')
  return nodes
}

/** Nodes of Windows run other images; nothing is asked of them. */
export function parseNodes(json: string): Node[] {
  const { items } = JSON.parse(json) as { items: readonly NodeObject[] }
  return items
    .filter(({ metadata }) => metadata.labels?.['kubernetes.io/os'] !== 'windows')
    .map(({ metadata, status }) => ({
      name: metadata.name,
      address: status.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '',
      ready: status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false,
    }))
}
