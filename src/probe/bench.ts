/** Our pods on every node of a cluster, for as long as something is measured; then nothing of them. */
import { randomBytes } from 'node:crypto'
import { ProbeError } from './errors.ts'
import { AGNHOST } from './image.ts'
import type { Kubectl } from './kubectl.ts'
import { LABEL, MANAGED, manifestsOf, namespaceName, podName, type PodRole } from './manifests.ts'
import type { Node } from './nodes.ts'
import { argumentsFor, parseAnswers, SCRIPT, unanswered, type Answer, type Question } from './questions.ts'

export interface Place {
  readonly node: Node
  /** In the names of its pods. */
  readonly index: number
  /** Addresses of the pods that run there. */
  readonly client: string
  readonly server: string
  readonly service: { readonly name: string, readonly address: string, readonly nodePort: number }
}

export interface Bench extends AsyncDisposable {
  readonly id: string
  readonly namespace: string
  /** Nodes on which all of our pods run, in the order of the cluster's list. */
  readonly places: readonly Place[]
  /** Why not on the others, by node. */
  readonly absent: ReadonlyMap<string, string>
  /** All questions at once, from that pod. @param within milliseconds to go on trying */
  ask(role: PodRole, place: Place, questions: readonly Question[], within: number): Promise<Answer[]>
}

export interface BenchOptions {
  readonly nodes: readonly Node[]
  /** A pod in the network of each node too. */
  readonly onNodes: boolean
  readonly image?: string
  readonly signal?: AbortSignal
}

/** Milliseconds until pods run, and until a namespace is gone. */
const START = 90_000
const REMOVAL = 120_000
/** Seconds; older ones belong to nobody any more: their pods have ended by themselves. */
const FORGOTTEN = 1_800

/**
 * Starts the pods. Dispose of it with `await using`: an abort of the signal ends measuring, never the clean-up.
 * @throws ProbeError when the cluster takes no namespace or pods of ours
 */
export async function openBench(kubectl: Kubectl, { nodes, onNodes, image = AGNHOST, signal }: BenchOptions): Promise<Bench> {
  const id = randomBytes(4).toString('hex')
  const namespace = namespaceName(id)
  const inside = ['--namespace', namespace]
  const until = signal === undefined ? {} : { signal }
  const ready = nodes.filter(node => node.ready)
  const remove = async (): Promise<void> => {
    // The namespace's controller begins after 5 s, and comes back some seconds later when pods have not ended by then.
    const [gone] = await Promise.allSettled([
      kubectl(['delete', 'namespace', namespace, '--ignore-not-found', `--timeout=${REMOVAL / 1000}s`], { timeout: REMOVAL + 10_000 }),
      kubectl(['delete', 'pods', ...inside, '--all', '--wait=false'], { timeout: REMOVAL }),
    ])
    if (gone.status === 'rejected') throw gone.reason
  }
  let opened = false
  // What was made by half goes too; a failure of that is told beside the first one.
  await using _ = { [Symbol.asyncDispose]: async () => opened ? undefined : remove() }
  await removeForgotten(kubectl)
  const items = manifestsOf({ id, image, onNodes, nodes: ready.map(({ name }) => name) })
  await kubectl(['create', '--filename=-'], { ...until, input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) })
    .catch((error: unknown) => { throw refused(error, signal) })
  // What did not start is looked at below, pod by pod.
  await kubectl(['wait', ...inside, '--for=condition=Ready', 'pods', '--all', `--timeout=${START / 1000}s`], until)
    .catch(() => signal?.throwIfAborted())
  const { places, absent } = placesOf(nodes, await kubectl(['get', 'pods,services', ...inside, '--output=json'], until), onNodes)
  opened = true
  return {
    id, namespace, places, absent,
    async ask(role, place, questions, within) {
      if (questions.length === 0) return []
      const pod = podName(role, place.index)
      try {
        const out = await kubectl(['exec', ...inside, pod, '--', 'sh', '-c', SCRIPT, 'probe', ...argumentsFor(questions, within)],
          { ...until, timeout: within + 30_000 })
        return parseAnswers(out, questions.length)
      } catch (error) {
        signal?.throwIfAborted()
        return questions.map(() => unanswered(`pod ${pod} could not be asked: ${lastLine(error)}`))
      }
    },
    [Symbol.asyncDispose]: remove,
  }
}

/** Namespaces of probes and matrices that a process left which was killed. */
export async function removeForgotten(kubectl: Kubectl): Promise<void> {
  const selector = Object.entries(MANAGED).map(([key, value]) => `${key}=${value}`).join(',')
  const out = await kubectl(['get', 'namespaces', `--selector=${LABEL},${selector}`, '--output=json', '--request-timeout=20s'])
    // Who may not list them can still make one.
    .catch(() => '{"items":[]}')
  const { items } = JSON.parse(out) as { items: readonly { metadata: { name: string, creationTimestamp: string } }[] }
  const old = items.filter(({ metadata }) => Date.now() - Date.parse(metadata.creationTimestamp) > FORGOTTEN * 1000)
  if (old.length > 0) await kubectl(['delete', 'namespace', ...old.map(({ metadata }) => metadata.name), '--ignore-not-found', '--wait=false'])
}

interface Item {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec: { readonly clusterIP?: string, readonly ports?: readonly { readonly nodePort?: number }[] }
  readonly status: {
    readonly podIP?: string
    readonly reason?: string
    readonly message?: string
    readonly conditions?: readonly { readonly type: string, readonly status: string, readonly message?: string }[]
    readonly containerStatuses?: readonly { readonly state?: { readonly waiting?: { readonly reason?: string, readonly message?: string } } }[]
  }
}

export function placesOf(nodes: readonly Node[], json: string, onNodes: boolean): Pick<Bench, 'places' | 'absent'> {
  const { items } = JSON.parse(json) as { items: readonly Item[] }
  const named = (kind: string, name: string): Item | undefined => items.find(item => item.kind === kind && item.metadata.name === name)
  const places: Place[] = []
  const absent = new Map(nodes.filter(({ ready }) => !ready).map(({ name }): [string, string] => [name, 'is not Ready']))
  nodes.filter(({ ready }) => ready).forEach((node, index) => {
    const pods = (['client', 'server', ...onNodes ? ['node' as const] : []] as const).map(role => named('Pod', podName(role, index)))
    const late = pods.find(pod => pod?.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') !== true)
    const [client, server] = pods
    const service = named('Service', podName('server', index))
    if (late !== undefined || client === undefined || server === undefined || service === undefined) {
      return void absent.set(node.name, `pod ${late?.metadata.name ?? '?'} does not run: ${late === undefined ? 'it is gone' : whyNot(late)}`)
    }
    places.push({
      node, index,
      client: client.status.podIP ?? '',
      server: server.status.podIP ?? '',
      service: { name: service.metadata.name, address: service.spec.clusterIP ?? '', nodePort: service.spec.ports?.[0]?.nodePort ?? 0 },
    })
  })
  return { places, absent }
}

function whyNot({ status }: Item): string {
  const waiting = status.containerStatuses?.map(({ state }) => state?.waiting).find(state => state !== undefined)
  const text = waiting === undefined ? undefined : [waiting.reason, waiting.message].filter(part => part !== undefined).join(': ')
  return (text ?? status.message ?? status.conditions?.find(({ message }) => message !== undefined)?.message ?? 'not Ready').slice(0, 300)
}

function refused(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return error
  return new ProbeError(`the cluster takes no pods of a probe: ${lastLine(error)}\n`
    + 'A probe makes a namespace of its own with pods and Services in it. Try: kubectl auth can-i create namespaces')
}

const lastLine = (error: unknown): string => (error as Error).message.trim().split('\n').at(-1) ?? ''
