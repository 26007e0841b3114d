/** Questions that several checks ask of a snapshot. Pure. */
import { matchesPeer, peersOf, rulesOf, typesOf } from '../evaluate.ts'
import type { Direction, Policy, Rule, World } from '../model.ts'
import { selects } from '../selector.ts'
import type { Path } from '../shape.ts'
import type { Finding, Place, Severity, Snapshot, Subject, Written } from './model.ts'
import { rules, type RuleName } from './rules.ts'

export const directions = ['Ingress', 'Egress'] as const

/** A check of the audit: its findings, in any order. */
export type Check = (view: View) => Finding[]

export interface View extends Snapshot {
  readonly world: World
  /** Pods that policies reach. */
  readonly pods: readonly Subject[]
  selectedBy(policy: Policy): readonly Subject[]
  /** Whether a policy of another API is about a pod, so that it may be more open, or more closed, than is known. */
  isForeign(pod: Subject): boolean
  /** Policies that isolate a pod in a direction. */
  isolating(pod: Subject, direction: Direction): readonly Written[]
}

export function viewOf(snapshot: Snapshot): View {
  const pods = snapshot.subjects.filter(({ hostNetwork }) => !hostNetwork)
  const here = Map.groupBy(pods, ({ namespace }) => namespace)
  const selected = new Map(snapshot.policies.map(({ policy }): [Policy, Subject[]] =>
    [policy, (here.get(policy.metadata.namespace) ?? []).filter(({ labels }) => selects(policy.spec.podSelector, labels))]))
  const over = new Map<Subject, Written[]>()
  for (const written of snapshot.policies) {
    for (const pod of selected.get(written.policy) ?? []) over.set(pod, [...over.get(pod) ?? [], written])
  }
  return {
    ...snapshot, pods,
    world: { namespaces: snapshot.namespaces, policies: snapshot.policies.map(({ policy }) => policy) },
    isForeign: pod => snapshot.foreign.some(({ namespace, selector }) => (namespace === undefined || namespace === pod.namespace) && selects(selector, pod.labels)),
    selectedBy: policy => selected.get(policy) ?? [],
    isolating: (pod, direction) => (over.get(pod) ?? []).filter(({ policy }) => typesOf(policy).includes(direction)),
  }
}

export const keyOf = (direction: Direction): 'ingress' | 'egress' => direction === 'Ingress' ? 'ingress' : 'egress'
export const peerKeyOf = (direction: Direction): 'from' | 'to' => direction === 'Ingress' ? 'from' : 'to'

export interface RuleAt {
  readonly written: Written
  readonly direction: Direction
  readonly rule: Rule
  readonly at: Path
}

/** Rules of directions that a policy is about. */
export const rulesIn = (view: View): RuleAt[] => view.policies.flatMap(written => directions
  .filter(direction => typesOf(written.policy).includes(direction))
  .flatMap(direction => rulesOf(written.policy, direction).map((rule, index): RuleAt => ({ written, direction, rule, at: ['spec', keyOf(direction), index] }))))

/** Pods that a peer of a rule names; of no peer all, of a block none. */
export const peersNamed = (view: View, { written, rule, direction }: RuleAt): readonly Subject[] => {
  const peers = peersOf(rule, direction)
  if (peers === undefined || peers.length === 0) return view.pods
  const named = peers.filter(({ ipBlock }) => ipBlock === undefined)
  return view.pods.filter(pod => named.some(peer => matchesPeer(view.world, written.policy.metadata.namespace, peer, pod)))
}

/** One of each kind of pod: replicas of a workload say nothing new. */
export const variety = (pods: readonly Subject[]): Subject[] => alike(pods).map(([pod]) => pod!)

export const alike = (pods: readonly Subject[]): Subject[][] => [...Map.groupBy(pods, ({ namespace, labels, ports }) =>
  JSON.stringify([namespace, Object.entries(labels).filter(([key]) => !REPLICA.test(key)).sort(), ports])).values()]

const REPLICA = /^(pod-template-hash|controller-revision-hash|statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index)$/

export const ofPolicy = (rule: RuleName, { policy, place }: Written, at: Path, message: string, severity?: Severity): Finding =>
  finding(rule, { namespace: policy.metadata.namespace, object: `networkpolicy ${policy.metadata.name}`, place: place(at), message, ...severity && { severity } })

export const ofPod = (rule: RuleName, { what, namespace, place, labelsAt }: Subject, message: string): Finding =>
  finding(rule, { namespace, object: what, place: place(labelsAt), message })

export const finding = (rule: RuleName, { place, ...rest }: { namespace: string, object: string, place: Place, message: string, severity?: Severity }): Finding =>
  ({ rule, severity: rules[rule].severity, ...place, ...rest })


/** `api, web and 3 more`; each name once. */
export function named(pods: readonly Pick<Subject, 'name'>[], most = 3): string {
  const names = [...new Set(pods.map(({ name }) => name))]
  return names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`
}
