/** Objects to what an audit looks at. Pure. */
import type { Labels, Policy, PolicyProtocol, Port } from '../model.ts'
import type { Path } from '../shape.ts'
import { foreignOf, isForeign } from './foreign.ts'
import type { Found, Manifest } from './objects.ts'
import type { Service, Snapshot, Subject } from './model.ts'

interface PodSpec {
  readonly hostNetwork?: boolean
  readonly containers?: readonly Container[]
  readonly initContainers?: readonly (Container & { readonly restartPolicy?: string })[]
}
interface Container {
  readonly ports?: readonly { readonly name?: string, readonly containerPort: number, readonly protocol?: PolicyProtocol }[]
}
interface Template {
  readonly metadata?: Manifest['metadata']
  readonly spec?: PodSpec
}

/** Where the template of its pods is in a workload. */
const templates: Readonly<Record<string, Path>> = {
  Pod: [], Deployment: ['spec', 'template'], StatefulSet: ['spec', 'template'], DaemonSet: ['spec', 'template'], ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'], Job: ['spec', 'template'], CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
}

/**
 * @param whole a cluster: pods are asked themselves, and workloads only when they have none
 * @param podRanges networks of pods, beside those that nodes name
 */
export function snapshotOf(found: readonly Found[], { whole, podRanges = [] }: { readonly whole: boolean, readonly podRanges?: readonly string[] }): Snapshot {
  const of = (kind: string): readonly Found[] => found.filter(({ manifest }) => manifest.kind === kind)
  const subjects = found.filter(({ manifest }) => !whole || manifest.kind === 'Pod' || isAsleep(manifest)).flatMap(subjectsOf)
  const policies = of('NetworkPolicy').filter(({ manifest }) => !isForeign(manifest)).map(({ manifest, place }) => ({
    policy: { ...manifest, metadata: { ...manifest.metadata, name: nameOf(manifest), namespace: namespaceOf(manifest) } } as Policy, place,
  }))
  const namespaces = new Map<string, Labels>([
    ...[...subjects, ...policies.map(({ policy }) => policy.metadata)].map(({ namespace }): [string, Labels] => [namespace, {}]),
    ...of('Namespace').map(({ manifest }): [string, Labels] => [nameOf(manifest), manifest.metadata?.labels ?? {}]),
  ])
  const ranges = of('Node').flatMap(({ manifest }) => (manifest.spec as { readonly podCIDRs?: readonly string[] } | undefined)?.podCIDRs ?? [])
  return { namespaces, subjects, policies, foreign: found.filter(({ manifest }) => isForeign(manifest)).flatMap(foreignOf), services: of('Service').flatMap(servicesOf), podRanges: [...new Set([...podRanges, ...ranges])], whole }
}

const nameOf = ({ metadata }: Manifest): string => metadata?.name ?? '(no name)'
const namespaceOf = ({ metadata }: Manifest): string => metadata?.namespace ?? 'default'

/** A workload of a cluster that has no pod now, and will have. */
function isAsleep({ kind, spec }: Manifest): boolean {
  return kind === 'CronJob' || (kind === 'Deployment' || kind === 'StatefulSet') && (spec as { readonly replicas?: number } | undefined)?.replicas === 0
}

function subjectsOf({ manifest, place }: Found): Subject[] {
  const at = Object.hasOwn(templates, manifest.kind ?? '') ? templates[manifest.kind!] : undefined
  if (at === undefined) return []
  const { phase, podIP: address } = (manifest.status ?? {}) as { readonly phase?: string, readonly podIP?: string }
  if (manifest.kind === 'Pod' && (phase === 'Succeeded' || phase === 'Failed')) return []
  const template = at.reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>> | undefined)?.[key], manifest) as Template | undefined
  const { hostNetwork = false, containers = [], initContainers = [] } = template?.spec ?? {}
  const labels = template?.metadata?.labels
  return [{
    name: nameOf(manifest), namespace: namespaceOf(manifest), what: `${manifest.kind === 'Pod' ? 'pod' : manifest.kind} ${nameOf(manifest)}`,
    labels: labels ?? {}, hostNetwork, place, labelsAt: [...at, 'metadata', ...labels === undefined ? [] : ['labels']],
    ports: [...containers, ...initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always')].flatMap(portsOf),
    ...address === undefined ? {} : { address },
  }]
}

const portsOf = ({ ports = [] }: Container): Port[] => ports.map(({ name, containerPort, protocol = 'TCP' }) =>
  ({ port: containerPort, protocol, ...name === undefined ? {} : { name } }))

function servicesOf({ manifest }: Found): Service[] {
  const { selector = {}, ports = [] } = (manifest.spec ?? {}) as {
    readonly selector?: Labels, readonly ports?: readonly { readonly port: number, readonly targetPort?: number | string, readonly protocol?: PolicyProtocol }[]
  }
  return [{
    name: nameOf(manifest), namespace: namespaceOf(manifest), selector,
    ports: ports.map(({ port, targetPort = port, protocol = 'TCP' }) => ({ port, target: targetPort, protocol })),
  }]
}
