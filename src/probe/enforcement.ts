/**
 * Whether a cluster enforces NetworkPolicy. An API server takes policies whether anything enforces them or not, so the
 * only proof is a flow that works without one, stops with one, and works again after it, while flows that it does not
 * name go on all the time.
 */
import { openBench, type Bench, type Place } from './bench.ts'
import type { Kubectl } from './kubectl.ts'
import { denyServers, podName, PORT } from './manifests.ts'
import { nodesOf } from './nodes.ts'
import type { Question } from './questions.ts'
import type { ProbeResult } from './result.ts'

export type EnforcementName = 'before' | 'denied' | 'not-named' | 'after'

export interface Enforcement {
  readonly verdict: 'enforced' | 'not-enforced' | 'unclear'
  /** One sentence. */
  readonly why: string
  /** `denied` is ok when the flow stopped; the others when it works. */
  readonly results: readonly ProbeResult<EnforcementName>[]
}

export interface EnforcementOptions {
  /** Milliseconds that the network has to make a policy work, and to forget it. */
  readonly within?: number
  readonly image?: string
  readonly signal?: AbortSignal
}

/** Milliseconds. Cilium takes under one second, kube-router a few. */
const WITHIN = 15_000
/** A busy machine may lose a connection that no policy names; not all of them for so long. */
const CONTROL = 4_000

/**
 * Makes a namespace with two pods on each Ready node, tries a default-deny of one of them, and removes all of it.
 * @throws ProbeError when the cluster cannot be asked
 */
export async function probeEnforcement(kubectl: Kubectl, options: EnforcementOptions = {}): Promise<Enforcement> {
  const { image, signal } = options
  const nodes = await nodesOf(kubectl, signal)
  await using bench = await openBench(kubectl, { nodes, onNodes: false, ...image !== undefined && { image }, ...signal && { signal } })
  return await measureEnforcement(kubectl, bench, options)
}

/** The same in pods that run already. */
export async function measureEnforcement(
  kubectl: Kubectl, bench: Bench, { within = WITHIN, signal }: EnforcementOptions = {},
): Promise<Enforcement> {
  const results: ProbeResult<EnforcementName>[] = []
  const judge = (): Enforcement => ({ ...verdictOf(results), results })
  if (bench.places.length === 0) {
    return { verdict: 'unclear', why: `no node runs the probe's pods: ${[...bench.absent].map(([node, why]) => `${node} ${why}`).join('; ')}`, results }
  }
  results.push(...await ask(bench, 'before', within))
  if (results.some(({ ok }) => ok !== true)) return judge()
  const policy = { input: JSON.stringify(denyServers(bench.id)), ...signal && { signal } }
  await kubectl(['create', '--filename=-'], policy)
  results.push(...await ask(bench, 'denied', within), ...await ask(bench, 'not-named', CONTROL))
  await kubectl(['delete', '--filename=-', '--wait=true', '--timeout=30s'], policy)
  results.push(...await ask(bench, 'after', within))
  return judge()
}

/** Each server from a pod on its own node and from one on the next; the clients, which no policy names, from the servers. */
async function ask(bench: Bench, name: EnforcementName, within: number): Promise<ProbeResult<EnforcementName>[]> {
  const { places } = bench
  const results = places.map(async (from, index) => {
    const next = places[(index + 1) % places.length] ?? from
    const targets = next === from ? [from] : [from, next]
    const role = name === 'not-named' ? 'server' : 'client'
    const answers = await bench.ask(role, from, targets.map(to => question(name, to)), within)
    return targets.map((to, target): ProbeResult<EnforcementName> => {
      const { ok = false, ms = 0, detail = '' } = answers[target] ?? {}
      return { name, from: from.node.name, to: to.node.name, ok, ms, detail }
    })
  })
  return (await Promise.all(results)).flat()
}

const question = (name: EnforcementName, { client, server, index }: Place): Question =>
  name === 'not-named'
    ? ['tcp', client, PORT, podName('client', index)]
    : [name === 'denied' ? 'closed' : 'tcp', server, PORT, podName('server', index)]

/** What the four measurements say together. Pure. */
export function verdictOf(results: readonly ProbeResult<EnforcementName>[]): Pick<Enforcement, 'verdict' | 'why'> {
  const failed = (name: EnforcementName): ProbeResult<EnforcementName> | undefined => results.find(result => result.name === name && result.ok !== true)
  const flow = ({ from, to, detail }: ProbeResult<EnforcementName>): string => `${from} -> ${to}${detail === '' ? '' : ` (${detail})`}`
  const broken = failed('before')
  if (broken) return { verdict: 'unclear', why: `a pod does not reach a pod even without a policy of ours: ${flow(broken)}` }
  const denied = results.filter(({ name }) => name === 'denied')
  const open = denied.filter(({ ok }) => ok !== true)
  const after = failed('after')
  if (after) return { verdict: 'unclear', why: `a flow did not come back after the policy was deleted: ${flow(after)}` }
  const control = failed('not-named')
  if (control) return { verdict: 'unclear', why: `a flow that the policy does not name broke at the same time: ${flow(control)}` }
  if (open.length === 0) return { verdict: 'enforced', why: `a default-deny stopped all of ${denied.length} flows, and they came back without it` }
  if (open.length === denied.length) return { verdict: 'not-enforced', why: `all of ${denied.length} flows went on under a default-deny` }
  return { verdict: 'unclear', why: `a default-deny stopped ${denied.length - open.length} of ${denied.length} flows; not ${open.map(flow).join(', ')}` }
}
