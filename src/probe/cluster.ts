/**
 * Whether a cluster's network does what Kubernetes promises, asked from its pods, its nodes and a machine beside it.
 * Each question depends on as little as it can (a Service's only pod is on the node that is asked), so that what fails
 * tells what is broken: transport between nodes, translation of Services, or DNS.
 */
import { openBench, type Bench, type BenchOptions, type Place } from './bench.ts'
import type { Kubectl } from './kubectl.ts'
import { PORT, type PodRole } from './manifests.ts'
import { nodesOf } from './nodes.ts'
import { argumentsFor, parseAnswers, SCRIPT, unanswered, type Answer, type Question } from './questions.ts'
import { probeNames, type ProbeName, type ProbeResult } from './result.ts'

/** A machine beside the cluster. */
export interface Client {
  readonly name: string
  /** Address of a node as the client knows it; by default the node's InternalIP. */
  address(node: string): string | undefined
  /** Runs `sh -c SCRIPT probe ARGS` there and returns standard output. */
  sh(script: string, args: readonly string[]): Promise<string>
}

export interface ClusterProbeOptions {
  readonly client?: Client
  /** Milliseconds for which a question is asked again before its answer is no; a new Service takes a second or two. */
  readonly within?: number
  readonly image?: string
  readonly signal?: AbortSignal
}

/** Milliseconds: kube-proxy syncs once a second, Cilium faster; the rest is for a busy machine. */
export const WITHIN = 10_000

/**
 * Makes a namespace with a few pods on each Ready node, asks, and removes it again, whatever happens. Cost grows with the
 * square of the number of nodes: each asks every other.
 * @throws ProbeError when the cluster cannot be asked; what fails is a result
 */
export async function probeCluster(kubectl: Kubectl, options: ClusterProbeOptions = {}): Promise<ProbeResult[]> {
  await using bench = await openBench(kubectl, await benchFor(kubectl, options))
  return await measureCluster(bench, options)
}

export const benchFor = async (kubectl: Kubectl, { image, signal }: ClusterProbeOptions): Promise<BenchOptions> =>
  ({ nodes: await nodesOf(kubectl, signal), onNodes: true, ...image !== undefined && { image }, ...signal && { signal } })

interface Asked {
  readonly name: ProbeName
  readonly to: string
  readonly question: Question
}

/** The same in pods that run already; they must have been started with `onNodes`. */
export async function measureCluster(bench: Bench, { client, within = WITHIN }: ClusterProbeOptions = {}): Promise<ProbeResult[]> {
  const { places, absent } = bench
  const inPods = (role: PodRole, from: Place, asked: readonly Asked[]): Promise<ProbeResult[]> =>
    resultsOf(from.node.name, asked, questions => bench.ask(role, from, questions, within))
  const results = await Promise.all([
    ...places.map(from => inPods('client', from, fromPod(from, bench))),
    ...places.map(from => inPods('node', from, fromNode(from, bench))),
    ...client === undefined ? [] : [resultsOf(client.name, fromClient(client, bench), questions =>
      client.sh(SCRIPT, argumentsFor(questions, within)).then(
        out => parseAnswers(out, questions.length),
        (error: Error) => questions.map(() => unanswered(`could not be asked: ${error.message.split('\n')[0]}`)),
      ))],
  ])
  const ready = [
    ...places.map(({ node }): ProbeResult => ({ name: 'node-ready', from: node.name, to: '', ok: true, ms: 0, detail: '' })),
    ...[...absent].map(([node, why]): ProbeResult => ({ name: 'node-ready', from: node, to: '', ok: false, ms: 0, detail: why })),
  ]
  return inOrder([...ready, ...results.flat()])
}

function fromPod(from: Place, { places, namespace }: Bench): Asked[] {
  const { name, address } = from.service
  return [
    ...places.map(({ node, server, service }): Asked => ({ name: 'pod-to-pod', to: node.name, question: ['tcp', server, PORT, service.name] })),
    ...others(from, places).flatMap(({ node, server }): Asked[] => [
      { name: 'mtu', to: node.name, question: ['mtu', server, PORT] },
      { name: 'mtu-exceeded', to: node.name, question: ['exceeded', server] },
    ]),
    { name: 'dns-name', to: '', question: ['name', name, address] },
    { name: 'dns-domain', to: '', question: ['domain', name, namespace, address] },
    { name: 'clusterip-from-pod', to: from.node.name, question: ['tcp', address, PORT, name] },
  ]
}

function fromNode(from: Place, { places }: Bench): Asked[] {
  return [
    ...places.map(({ node, server, service }): Asked => ({ name: 'node-to-pod', to: node.name, question: ['tcp', server, PORT, service.name] })),
    { name: 'clusterip-from-node', to: from.node.name, question: ['tcp', from.service.address, PORT, from.service.name] },
    ...places.map(({ node, service }): Asked =>
      ({ name: 'nodeport-from-node', to: node.name, question: ['tcp', node.address, service.nodePort, service.name] })),
  ]
}

const fromClient = (client: Client, { places }: Bench): Asked[] => places.map(({ node, service }): Asked =>
  ({ name: 'nodeport-from-client', to: node.name, question: ['tcp', client.address(node.name) ?? node.address, service.nodePort, service.name] }))

const others = (from: Place, places: readonly Place[]): Place[] => places.filter(place => place !== from)

async function resultsOf(
  from: string, asked: readonly Asked[], ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): Promise<ProbeResult[]> {
  const answers = await ask(asked.map(({ question }) => question))
  return asked.map(({ name, to }, index): ProbeResult => {
    const { ok, ms, tries, detail } = answers[index] ?? unanswered('gave no answer')
    return { name, from, to, ok, ms, detail: [detail, ...tries > 1 ? [`${tries} tries`] : []].filter(text => text !== '').join(', ') }
  })
}

function inOrder(results: readonly ProbeResult[]): ProbeResult[] {
  const order = Object.keys(probeNames)
  return [...results].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
}
