/** What a cluster holds, by reading it once. Nothing is made there, changed or removed. */
import { ProbeError } from '../../probe/errors.ts'
import type { Kubectl } from '../../probe/kubectl.ts'
import { foreignResources } from './foreign.ts'
import type { PlaceOf } from './model.ts'
import { objectsIn, type Found, type Manifest } from './objects.ts'

const namespaced = ['networkpolicies.networking.k8s.io', 'pods', 'services', 'deployments.apps', 'statefulsets.apps', 'cronjobs.batch']
const PATIENCE = 60_000

/** @throws ProbeError when the cluster does not answer, or does not let them be read */
export async function readCluster(kubectl: Kubectl, signal?: AbortSignal): Promise<Found[]> {
  const ask = (args: readonly string[]): Promise<string> => kubectl(args, { timeout: PATIENCE, ...signal && { signal } }).catch((error: unknown) => {
    signal?.throwIfAborted()
    throw new ProbeError(`the cluster cannot be read: ${(error as Error).message.trim().split('\n').at(-1)}\n`
      + 'An audit reads policies, pods, Services and workloads of all namespaces. Try: kubectl auth can-i list networkpolicies --all-namespaces')
  })
  const get = (args: readonly string[]): Promise<string> => ask(['get', ...args])
  const known = new Set((await ask(['api-resources', '--verbs=list', '--output=name'])).split('\n'))
  const foreign = foreignResources.filter(name => known.has(name))
  const [objects, around, yaml] = await Promise.all([
    get([[...namespaced, ...foreign].join(','), '--all-namespaces', '--output=json']),
    get(['namespaces,nodes', '--output=json']),
    get([['networkpolicies.networking.k8s.io', 'pods', ...foreign].join(','), '--all-namespaces', '--output=yaml']),
  ])
  const printed = itemsOf(yaml)
  return [objects, around].flatMap(json => (JSON.parse(json) as { readonly items: readonly Manifest[] }).items)
    .map(manifest => ({ manifest, place: placeIn(manifest, printed.get(keyOf(manifest))) }))
}

/** `kubectl get pod api --namespace shop --output yaml`, as a path: what prints the lines that are named. */
const pathOf = ({ kind = '', metadata: { name = '', namespace } = {} }: Manifest): string =>
  `${namespace === undefined ? '' : `${namespace}/`}${kind.toLowerCase()}/${name}`

const keyOf = ({ kind, metadata }: Manifest): string => [kind, metadata?.namespace, metadata?.name].join(' ')

/** Read only when it is asked for: most objects of a cluster are never named. */
function placeIn(manifest: Manifest, source: string | undefined): PlaceOf {
  let object: Found | undefined
  return (at) => {
    if (source === undefined) return { path: pathOf(manifest), position: { line: 1, column: 1 }, text: '' }
    object ??= objectsIn(pathOf(manifest), source)[0]!
    return object.place(at)
  }
}

/** Objects of a list as kubectl prints each of them alone: the same printer, two columns to the right. */
export function itemsOf(yaml: string): Map<string, string> {
  const body = yaml.slice(yaml.indexOf('\nitems:\n') + 8).replace(/^kind: List\n[^]*$/m, '')
  return new Map(body.split(/^- (?=\S)/m).slice(1).map((item): [string, string] => {
    const text = item.replaceAll(/^ {2}/gm, '')
    const of = (key: string): string => new RegExp(`^${key}: (.*)$`, 'm').exec(text)?.[1] ?? ''
    const metadata = /^metadata:\n((?: .*\n)*)/m.exec(text)?.[1] ?? ''
    const inMetadata = (key: string): string => new RegExp(`^ {2}${key}: (.*)$`, 'm').exec(metadata)?.[1]?.replaceAll(/^["']|["']$/g, '') ?? ''
    return [[of('kind'), inMetadata('namespace'), inMetadata('name')].join(' '), text]
  }))
}
