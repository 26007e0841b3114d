/**
 * Policies of networks' own kinds. What they allow is not read; whom they select is, so that a pod is not called open
 * which Cilium or Calico closes. Pure.
 */
import type { Selector } from '../model.ts'
import type { Foreign } from './model.ts'
import type { Found, Manifest } from './objects.ts'

/** API groups of such policies, and the kinds that are about the whole cluster. */
const groups = ['cilium.io', 'crd.projectcalico.org', 'projectcalico.org', 'policy.networking.k8s.io']
const clusterwide = new Set(['CiliumClusterwideNetworkPolicy', 'GlobalNetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy'])

/** Resources to be asked of a cluster that has them. */
export const foreignResources = ['ciliumnetworkpolicies.cilium.io', 'ciliumclusterwidenetworkpolicies.cilium.io', 'networkpolicies.crd.projectcalico.org', 'globalnetworkpolicies.crd.projectcalico.org']

export const isForeign = ({ apiVersion = '', kind = '' }: Manifest): boolean => groups.includes(apiVersion.split('/')[0]!) && /NetworkPolicy$/.test(kind)

export function foreignOf({ manifest, place }: Found): Foreign[] {
  const { kind = '', metadata, spec } = manifest
  const { specs } = manifest as { readonly specs?: readonly unknown[] }
  const about = { name: `${kind} ${metadata?.name ?? ''}`, place, ...clusterwide.has(kind) ? {} : { namespace: metadata?.namespace ?? 'default' } }
  return [spec, ...specs ?? []].filter(one => one !== undefined && one !== null && !Object.hasOwn(one, 'nodeSelector')).map(one => {
    const { endpointSelector } = one as { readonly endpointSelector?: Selector }
    return { ...about, selector: endpointSelector === undefined ? {} : withoutSources(endpointSelector) }
  })
}

/** Cilium writes `k8s:app` and `any:app` where Kubernetes writes `app`. Other selectors are not read: they may select all. */
function withoutSources({ matchLabels = {}, matchExpressions = [] }: Selector): Selector {
  const bare = (key: string): string => key.replace(/^(k8s|any)[:.]/, '')
  return {
    matchLabels: Object.fromEntries(Object.entries(matchLabels).map(([key, value]) => [bare(key), value]).filter(([key]) => !key!.startsWith('io.kubernetes.pod.'))),
    matchExpressions: matchExpressions.map(one => ({ ...one, key: bare(one.key) })),
  }
}
