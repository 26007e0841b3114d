/** The pods of a matrix on a cluster, for as long as it is measured; then nothing of them. */
import { randomBytes } from 'node:crypto'
import { removeForgotten } from '../probe/bench.ts'
import { ProbeError } from '../probe/errors.ts'
import type { Kubectl } from '../probe/kubectl.ts'
import { nodesOf } from '../probe/nodes.ts'
import { podOf, type Flow } from './flow.ts'
import { movedPolicy, objectsOf, realName } from './manifests.ts'
import { fullName, type Matrix } from './matrix-file.ts'
import { refuseWithoutRights } from './rights.ts'
import { argumentsFor, parseAnswers, SCRIPT, unanswered, type Answer, type Question } from './script.ts'

export interface Bench extends AsyncDisposable {
  readonly id: string
  /** Makes all of the matrix's policies. */
  apply(): Promise<void>
  /** Removes them. */
  lift(): Promise<void>
  /** An answer to each, in their order. @param timeout seconds that one may take */
  ask(flows: readonly Flow[], timeout: number): Promise<Answer[]>
}

/** Milliseconds until pods run, and until namespaces are gone. */
const START = 120_000
const REMOVAL = 180_000
/** kubectl processes at the same time. */
const EXECS = 8

/**
 * Starts the pods. Dispose of it with `await using`: an abort ends measuring, never the clean-up.
 * @throws ProbeError when the cluster takes none of it
 */
export async function openBench(kubectl: Kubectl, matrix: Matrix, { image, signal }: { readonly image?: string, readonly signal?: AbortSignal } = {}): Promise<Bench> {
  const id = randomBytes(3).toString('hex')
  const until = signal === undefined ? {} : { signal }
  await refuseWithoutRights(kubectl, signal)
  const nodes = (await nodesOf(kubectl, signal)).filter(({ ready }) => ready).map(({ name }) => name)
  if (nodes.length === 0) throw new ProbeError('no node of the cluster is Ready, expected at least one: kubectl get nodes')
  await removeForgotten(kubectl)
  const namespaces = [...matrix.world.namespaces.keys()].map(name => realName(id, name))
  const remove = async (): Promise<void> => {
    const gone = kubectl(['delete', 'namespace', ...namespaces, '--ignore-not-found', `--timeout=${REMOVAL / 1000}s`], { timeout: REMOVAL + 10_000 })
    // The namespace's controller begins after 5 s, and comes back some seconds later when pods have not ended by then.
    await Promise.allSettled(namespaces.map(name => kubectl(['delete', 'pods', '--namespace', name, '--all', '--wait=false', '--grace-period=1'], { timeout: REMOVAL })))
    await gone.catch((error: unknown) => {
      throw new ProbeError(`pods of the matrix may be left: ${lastLine(error)}\nRemove them: kubectl delete namespace ${namespaces.join(' ')}`)
    })
  }
  let opened = false
  await using _ = { [Symbol.asyncDispose]: async () => opened ? undefined : remove() }
  const items = objectsOf(matrix, { id, nodes, ...image === undefined ? {} : { image } })
  await kubectl(['create', '--filename=-'], { ...until, input: list(items) }).catch((error: unknown) => {
    signal?.throwIfAborted()
    throw new ProbeError(`the cluster takes no pods of a matrix: ${lastLine(error)}\n`
      + 'A matrix makes namespaces of its own with pods and Services in them. Try: kubectl auth can-i create namespaces')
  })
  await Promise.all(namespaces.map(name => kubectl(['wait', '--namespace', name, '--for=condition=Ready', 'pods', '--all', `--timeout=${START / 1000}s`], { ...until, timeout: START + 10_000 })
    .catch((error: unknown) => {
      signal?.throwIfAborted()
      throw new ProbeError(`pods of the matrix do not run: ${lastLine(error)}\nTheir image is agnhost: can the nodes pull it?`)
    })))
  const addresses = await addressesOf(kubectl, namespaces, signal)
  const policies = list(matrix.world.policies.map(policy => movedPolicy(policy, id, new Set(matrix.world.namespaces.keys()))))
  opened = true

  const question = ({ to, port, protocol, byName }: Flow): Question => {
    const pod = podOf(to)
    if (pod === undefined) return { to: (to as { address: string }).address, port, protocol, says: '' }
    const namespace = realName(id, pod.namespace)
    return { to: byName ? `${pod.name}.${namespace}.svc` : addresses.get(`${namespace}/${pod.name}`) ?? '', port, protocol, says: pod.name }
  }
  return {
    id,
    apply: async () => void await kubectl(['create', '--validate=strict', '--filename=-'], { ...until, input: policies }).catch((error: unknown) => {
      signal?.throwIfAborted()
      throw new ProbeError(`the cluster takes no policy of the matrix: ${lastLine(error)}\n${/being terminated/.test((error as Error).message)
        ? 'Somebody deletes the namespaces of the matrix while it is measured: look for who does, then measure again.'
        : 'Does the same policy go through by hand? kubectl create --dry-run=server --validate=strict --filename FILE'}`)
    }),
    lift: async () => void await kubectl(['delete', '--filename=-', '--wait=true', '--timeout=60s', '--ignore-not-found'], { ...until, input: policies }),
    async ask(flows, timeout) {
      const byPod = Map.groupBy(flows.keys(), index => fullName(flows[index]!.from))
      const answers = flows.map(() => unanswered('was not asked'))
      const waiting = [...byPod.values()]
      const worker = async (): Promise<void> => {
        for (let mine = waiting.shift(); mine !== undefined; mine = waiting.shift()) {
          const { from } = flows[mine[0]!]!
          const questions = mine.map(index => question(flows[index]!))
          const out = await kubectl(['exec', '--namespace', realName(id, from.namespace), from.name, '--', 'sh', '-c', SCRIPT, 'probe', ...argumentsFor(questions, timeout)],
            { ...until, timeout: 60_000 + timeout * 2_000 * questions.length }).catch((error: unknown) => {
            signal?.throwIfAborted()
            return lastLine(error)
          })
          parseAnswers(out, mine.length).forEach((answer, number) => { answers[mine[number]!] = answer })
        }
      }
      await Promise.all(Array.from({ length: EXECS }, worker))
      return answers
    },
    [Symbol.asyncDispose]: remove,
  }
}

async function addressesOf(kubectl: Kubectl, namespaces: readonly string[], signal: AbortSignal | undefined): Promise<Map<string, string>> {
  const found = await Promise.all(namespaces.map(name => kubectl(['get', 'pods', '--namespace', name, '--output=json'], signal === undefined ? {} : { signal })))
  return new Map(found.flatMap(json => (JSON.parse(json) as { items: { metadata: { namespace: string, name: string }, status: { podIP?: string } }[] }).items)
    .map(({ metadata, status }): [string, string] => [`${metadata.namespace}/${metadata.name}`, status.podIP ?? '']))
}

const list = (items: readonly object[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
const lastLine = (error: unknown): string => (error as Error).message.trim().split('\n').at(-1) ?? ''
