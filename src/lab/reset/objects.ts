/** Brings the objects of a cluster back to an earlier list of them. */
import type { Kubectl } from '../cluster/kubectl.ts'
import { factOf, isState, type KubeObject } from '../inventory/objects.ts'

export interface ObjectRepair {
  readonly remove: readonly KubeObject[]
  readonly replace: readonly KubeObject[]
  /** Changed in what the API lets nobody change: deleted, and made as it was. */
  readonly renew: readonly KubeObject[]
  readonly create: readonly KubeObject[]
}

/** Fields that the API refuses to change, by kind; they are compared as text. */
const FIXED: Readonly<Record<string, (object: Fields) => unknown>> = {
  Service: ({ spec }) => [spec?.clusterIP, spec?.clusterIPs, spec?.ipFamilies],
  RoleBinding: ({ roleRef }) => roleRef,
  ClusterRoleBinding: ({ roleRef }) => roleRef,
  Deployment: ({ spec }) => spec?.selector,
  DaemonSet: ({ spec }) => spec?.selector,
}

interface Fields {
  readonly spec?: { readonly clusterIP?: unknown, readonly clusterIPs?: unknown, readonly ipFamilies?: unknown, readonly selector?: unknown }
  readonly roleRef?: unknown
}

/** Pure. */
export function planObjects(before: readonly KubeObject[], now: readonly KubeObject[]): ObjectRepair {
  const old = new Map(before.filter(isState).map(object => [keyOf(object), object]))
  const present = new Map(now.filter(isState).map(object => [keyOf(object), object]))
  const lost = [...old].filter(([key]) => !present.has(key)).map(([, object]) => object)
  const changed = [...old].flatMap(([key, object]) => {
    const there = present.get(key)
    return there === undefined || factOf(there) === factOf(object) ? [] : [{ object, there }]
  })
  const fixed = ({ object, there }: typeof changed[number]): boolean => {
    const of = FIXED[object.kind]
    return of !== undefined && JSON.stringify(of(object as Fields)) !== JSON.stringify(of(there as Fields))
  }
  return {
    remove: [...present].filter(([key]) => !old.has(key)).map(([, object]) => object),
    // Immutable, and nobody's but its own: a pod is made anew.
    replace: changed.filter(change => change.object.kind !== 'Pod' && !fixed(change)).map(({ object }) => wanted(object)),
    renew: changed.filter(fixed).map(({ object }) => wanted(object)),
    create: [...lost].sort(namespacesFirst).map(wanted),
  }
}

const MINUTE = 60_000

/**
 * Namespaces that were not there have been told to go when this returns, and may not have gone yet.
 * @param now all that is there
 * @throws CommandFailed with kubectl's words for what the API refuses
 */
export async function repairObjects(kubectl: Kubectl, before: readonly KubeObject[], now: readonly KubeObject[]): Promise<number> {
  const { remove, replace, renew, create } = planObjects(before, now)
  const gone = [...remove, ...renew]
  const send = async (args: readonly string[], items: readonly object[]): Promise<void> => {
    if (items.length === 0) return
    await kubectl([...args, '--filename', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), timeout: 2 * MINUTE })
  }
  const namespaces = gone.filter(({ kind }) => kind === 'Namespace')
  const others = gone.filter(({ kind }) => kind !== 'Namespace').map(nameOnly)
  await send(['delete', '--ignore-not-found', '--wait=false', '--grace-period=1'], others)
  await send(['delete', '--ignore-not-found', '--wait=false'], namespaces.map(nameOnly))
  // A kubelet ends a pod whose image it still pulls only when the pull has given up, which holds the namespace for minutes.
  await Promise.all(namespaces.map(({ metadata: { name } }) =>
    kubectl(['--namespace', name, 'delete', 'pods', '--all', '--force', '--grace-period=0', '--wait=false'])))
  await send(['delete', '--ignore-not-found', '--wait', '--timeout=90s', '--grace-period=1'], others)
  // An address that a Service had may be another's until here.
  const made = [...create, ...renew]
  // Helm 4 applies on the server, and refuses to upgrade fields that another manager has set: what is Helm's is put back in its name.
  await send(['apply', '--server-side', '--field-manager', 'helm', '--force-conflicts'], [...made, ...replace].filter(ofHelm))
  await send(['create'], made.filter(object => !ofHelm(object)))
  // After it, since applying takes no field away that somebody else has added; where nothing was, this changes nothing and owns nothing.
  await send(['replace'], replace)
  return gone.length + replace.length + create.length
}

/** https://helm.sh/docs/howto/charts_tips_and_tricks, the annotation by which Helm knows what is its own. */
const ofHelm = ({ metadata: { annotations } }: KubeObject): boolean => annotations?.['meta.helm.sh/release-name'] !== undefined

const keyOf = ({ apiVersion, kind, metadata: { namespace, name } }: KubeObject): string =>
  [apiVersion.replace(/\/.*/, ''), kind, namespace, name].join(' ')

const nameOnly = ({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): object =>
  ({ apiVersion, kind, metadata: { name, ...namespace === undefined ? {} : { namespace } } })

/** As somebody would write it: without what the API server adds. */
function wanted({ status: _, ...object }: KubeObject): KubeObject {
  const { uid, resourceVersion, creationTimestamp, generation, managedFields, selfLink, ...metadata } =
    object.metadata as KubeObject['metadata'] & Record<string, unknown>
  return { ...object, metadata }
}

const namespacesFirst = (one: KubeObject, other: KubeObject): number => rank(one) - rank(other)
const rank = ({ kind }: KubeObject): number => ['CustomResourceDefinition', 'Namespace'].includes(kind) ? 0 : 1
