/** The objects of a cluster as lines of an inventory. */
import { createHash } from 'node:crypto'
import type { Kubectl } from '../cluster/kubectl.ts'
import { hasCluster, type Topology } from '../topology/topology.ts'
import { isRelease, releaseFacts } from './helm-release.ts'

interface Owner {
  readonly kind: string
  readonly name: string
  readonly controller?: boolean
}

export interface KubeObject {
  readonly kind: string
  readonly apiVersion: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly deletionTimestamp?: string
    readonly ownerReferences?: readonly Owner[]
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly status?: { readonly phase?: string }
}

/** Resources that are never asked for, with the reason. */
const NOT_STATE: Readonly<Record<string, string>> = {
  'bindings': 'cannot be listed',
  'componentstatuses': 'deprecated, a view of health',
  'events': 'a log',
  'events.events.k8s.io': 'a log',
  'leases.coordination.k8s.io': 'renewed every few seconds',
  'endpoints': 'follows the pods',
  'endpointslices.discovery.k8s.io': 'follows the pods',
  'ipaddresses.networking.k8s.io': 'follows the Services',
  'ciliumidentities.cilium.io': 'follow the labels of pods, and are collected up to half an hour after the last of them',
  'ciliumendpoints.cilium.io': 'follow the pods',
  'ciliumnodes.cilium.io': 'each agent writes its own, with addresses that are drawn anew for a new installation',
  'certificatesigningrequests.certificates.k8s.io': 'goes away an hour after a node joined',
  'controllerrevisions.apps': 'history of a DaemonSet',
  'csinodes.storage.k8s.io': 'kept by the kubelet',
  'nodes.metrics.k8s.io': 'a measurement',
  'pods.metrics.k8s.io': 'a measurement',
}

/** Annotations that change without a change of what is wanted. */
const VOLATILE = [
  'deployment.kubernetes.io/revision', // counts rollouts
  'deprecated.daemonset.template.generation', // counts rollouts
  'kubectl.kubernetes.io/restartedAt', // of a template: asks for a rollout, leaves nothing behind
  'kubectl.kubernetes.io/last-applied-configuration', // repeats the object
  'control-plane.alpha.kubernetes.io/leader',
]

/** Every object that can be listed, but those that are no state. */
export async function listObjects(kubectl: Kubectl): Promise<KubeObject[]> {
  const resources = (await kubectl(['api-resources', '--verbs=list', '--output=name'])).trim().split('\n')
    .filter(name => !Object.hasOwn(NOT_STATE, name))
  const out = await kubectl(['get', resources.join(','), '--all-namespaces', '--output=json'])
  return (JSON.parse(out) as { items: KubeObject[] }).items
}

/** The same of a lab, which has none where it is of machines only. */
export const objectsOf = async (topology: Topology, kubectl: Kubectl): Promise<KubeObject[]> => hasCluster(topology) ? listObjects(kubectl) : []

/** Whether an object is wanted by somebody for itself: what a controller made for another object goes with that object. */
export const isState = (object: KubeObject): boolean => controller(object) === undefined && !isOver(object)

/** One that is not a pod. */
export const factOf = (object: KubeObject): string => `object ${object.kind} ${nameOf(object)} sha256:${hash(object)}`

const isOver = ({ kind, metadata, status }: KubeObject): boolean =>
  kind === 'Pod' && (metadata.deletionTimestamp !== undefined || ['Failed', 'Succeeded'].includes(status?.phase ?? ''))

/** Every object that somebody wants to be there. A kind, a name, and a hash of what is wanted; pods are counted by owner. */
export function objectFacts(items: readonly KubeObject[]): string[] {
  const deploymentOf = new Map(items.filter(item => item.kind === 'ReplicaSet')
    .map(item => [nameOf(item), controller(item)]))
  const pods = new Map<string, number>()
  const facts: string[] = []
  for (const item of items) {
    if (item.kind === 'Pod') {
      if (isOver(item)) continue
      const owner = controller(item)
      const top = owner?.kind === 'ReplicaSet' ? deploymentOf.get(`${item.metadata.namespace}/${owner.name}`) ?? owner : owner
      const of = top === undefined ? `alone ${nameOf(item)}` : `of ${top.kind} ${item.metadata.namespace}/${top.name}`
      pods.set(of, (pods.get(of) ?? 0) + 1)
    } else if (isState(item) && !isRelease(item)) {
      facts.push(factOf(item))
    }
  }
  return [...facts, ...releaseFacts(items.filter(isRelease)), ...[...pods].map(([of, count]) => `pods ${of}: ${count}`)]
}

const nameOf = ({ metadata }: KubeObject): string =>
  metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`

const controller = ({ metadata }: KubeObject): Owner | undefined =>
  metadata.ownerReferences?.find(owner => owner.controller === true)

/** Of what is wanted, not of what is: no status, no bookkeeping of the API server. 16 hex digits. */
function hash({ metadata: { labels, annotations }, status: _, ...wanted }: KubeObject): string {
  // What agents write on a Node is their own status.
  const notes = wanted.kind === 'Node' ? {} : annotations
  const text = JSON.stringify(sorted({ ...wanted, labels, annotations: notes }))
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** Keys in order, volatile annotations and creation times of templates left out, at every depth. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value)
    .filter(([key, inner]) => inner !== undefined && !VOLATILE.includes(key) && !(key === 'creationTimestamp' && inner === null))
    .map(([key, inner]): [string, unknown] => [key, sorted(inner)])
    .filter(([key, inner]) => !(key === 'annotations' && Object.keys(inner as object).length === 0))
    .sort(([a], [b]) => a < b ? -1 : 1))
}
