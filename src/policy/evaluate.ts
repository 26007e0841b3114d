/**
 * What NetworkPolicies say about a flow: the reference that clusters are compared with. Written from the API's
 * documentation (networking/v1 types.go) and the defaulting of its server (SetDefaults_NetworkPolicy).
 */
import { isPod, type Direction, type End, type Peer, type Pod, type Policy, type PolicyPort, type PolicyProtocol, type Rule, type World } from './model.ts'
import { holdsAddress, selects } from './selector.ts'

/** `port` is the one at which the receiver listens, whatever the Service in front of it says. */
export interface PolicyFlow {
  readonly from: End
  readonly to: End
  readonly port: number
  readonly protocol: PolicyProtocol
}

export interface Verdict {
  readonly allowed: boolean
  /** One sentence that names the policies that decide. */
  readonly why: string
}

/** A connection needs the sender's leave to send and the receiver's to receive; answers to it are part of it. */
export function evaluate(world: World, flow: PolicyFlow): Verdict {
  const { from, to } = flow
  if (isPod(from) && isPod(to) && from.name === to.name && from.namespace === to.namespace) {
    return { allowed: true, why: 'a pod always reaches itself' }
  }
  const sides = [
    ...isPod(from) ? [side(world, 'Egress', from, to, flow)] : [],
    ...isPod(to) ? [side(world, 'Ingress', to, from, flow)] : [],
  ]
  const denied = sides.find(({ allowed }) => !allowed)
  return denied ?? { allowed: true, why: sides.map(({ why }) => why).join('; ') }
}

/** Policies add up: one that allows is enough, and a pod that none selects for this direction is open. */
function side(world: World, direction: Direction, pod: Pod, other: End, flow: PolicyFlow): Verdict {
  const isolating = world.policies.filter(policy =>
    policy.metadata.namespace === pod.namespace && typesOf(policy).includes(direction) && selects(policy.spec.podSelector, pod.labels))
  const what = `${direction === 'Ingress' ? 'ingress of' : 'egress of'} ${pod.name}`
  if (isolating.length === 0) return { allowed: true, why: `no policy selects ${pod.name} for ${direction.toLowerCase()}` }
  const allowing = isolating.find(policy => rulesOf(policy, direction).some(rule =>
    matchesPeers(world, policy.metadata.namespace, peersOf(rule, direction), other) && matchesPorts(rule.ports, flow)))
  if (allowing !== undefined) return { allowed: true, why: `${what} is allowed by ${allowing.metadata.name}` }
  return { allowed: false, why: `${what} is denied: ${isolating.map(({ metadata }) => metadata.name).join(', ')} select it and allow no such flow` }
}

/** Left out: always Ingress, and Egress only when there are rules of it. */
export const typesOf = ({ spec: { policyTypes, egress } }: Policy): readonly Direction[] =>
  policyTypes !== undefined && policyTypes.length > 0 ? policyTypes : ['Ingress', ...egress !== undefined && egress.length > 0 ? ['Egress' as const] : []]

export const rulesOf = ({ spec }: Policy, direction: Direction): readonly Rule[] =>
  (direction === 'Ingress' ? spec.ingress : spec.egress) ?? []

export const peersOf = (rule: Rule, direction: Direction): readonly Peer[] | undefined => direction === 'Ingress' ? rule.from : rule.to

function matchesPeers(world: World, namespace: string, peers: readonly Peer[] | undefined, other: End): boolean {
  return peers === undefined || peers.length === 0 || peers.some(peer => matchesPeer(world, namespace, peer, other))
}

/** Both selectors of one peer must hold; without a namespace selector it is the policy's own namespace. */
export function matchesPeer(world: World, namespace: string, { podSelector, namespaceSelector, ipBlock }: Peer, other: End): boolean {
  if (ipBlock !== undefined) return other.address !== undefined && holdsAddress(ipBlock, other.address)
  if (!isPod(other)) return false
  const inNamespace = namespaceSelector === undefined
    ? other.namespace === namespace
    : selects(namespaceSelector, labelsOf(world, other.namespace))
  return inNamespace && (podSelector === undefined || selects(podSelector, other.labels))
}

/** The API server puts the name among the labels of every namespace. */
const labelsOf = ({ namespaces }: World, name: string) => ({ ...namespaces.get(name), 'kubernetes.io/metadata.name': name })

function matchesPorts(ports: readonly PolicyPort[] | undefined, flow: PolicyFlow): boolean {
  return ports === undefined || ports.length === 0 || ports.some(port => matchesPort(port, flow))
}

/** A name is that of a container's port at the receiver, in both directions. */
export function matchesPort({ protocol = 'TCP', port, endPort }: PolicyPort, flow: PolicyFlow): boolean {
  if (protocol !== flow.protocol) return false
  if (port === undefined) return true
  if (typeof port === 'number') return flow.port >= port && flow.port <= (endPort ?? port)
  return isPod(flow.to) && flow.to.ports.some(({ name, port: number, protocol: of }) =>
    name === port && number === flow.port && of === protocol)
}
