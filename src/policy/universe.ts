/** Every kind of pod, machine and port that a set of policies can tell apart: what no flow among them tells, no flow tells. Pure. */
import { peersOf, rulesOf } from './evaluate.ts'
import type { End, Labels, Pod, Policy, PolicyProtocol, Port, Selector, World } from './model.ts'

export interface Universe {
  readonly namespaces: ReadonlyMap<string, Labels>
  readonly ends: readonly End[]
  /** Ports at which flows may end. */
  readonly ports: readonly Port[]
}

const NAME = 'kubernetes.io/metadata.name'
const NOBODY = 'proofbook-nobody'
const SOMEWHERE = '198.51.100.7'
const directions = ['Ingress', 'Egress'] as const

/** @param policies also those of a change that is tried, so that what it adds is told apart too */
export function universeOf({ namespaces }: World, policies: readonly Policy[], pods: readonly Pod[]): Universe {
  const rules = policies.flatMap(policy => directions.flatMap(direction => rulesOf(policy, direction).map(rule => ({ rule, peers: peersOf(rule, direction) ?? [] }))))
  const peers = rules.flatMap(rule => rule.peers)
  const podSelectors = [...policies.map(({ spec }) => spec.podSelector), ...peers.flatMap(({ podSelector }) => podSelector ?? [])]
  // Those of the matrix come last: what a selector wants of a namespace does not change one that is there.
  const places = new Map<string, Labels>([
    ...labelsOf(peers.flatMap(({ namespaceSelector }) => namespaceSelector ?? [])).flatMap(({ [NAME]: name, ...labels }, index): [string, Labels][] =>
      name !== undefined ? [[name, labels]] : Object.keys(labels).length === 0 ? [] : [[`proofbook-like-${index}`, labels]]),
    ...policies.map(({ metadata }): [string, Labels] => [metadata.namespace, {}]), [NOBODY, {}], ...namespaces,
  ])
  const ports = portsOf(rules.flatMap(({ rule }) => rule.ports ?? []), pods)
  const kinds = labelsOf(podSelectors)
  const strangers = [...places.keys()].flatMap(namespace => kinds.map((labels, index): Pod => ({ name: `like-${index}`, namespace, labels, ports })))
  const addresses = new Set([SOMEWHERE, ...peers.flatMap(({ ipBlock }) => ipBlock === undefined ? [] : [ipBlock.cidr, ...ipBlock.except ?? []]).flatMap(inside)])
  return { namespaces: places, ends: [...strangers, ...[...addresses].map(address => ({ address }))], ports }
}

/** What each selector wants, what it wants less one label or with another value, both of two, and nothing. */
function labelsOf(selectors: readonly Selector[]): Labels[] {
  const wanted = selectors.map(({ matchLabels = {}, matchExpressions = [] }) => ({
    ...matchLabels,
    ...Object.fromEntries(matchExpressions.filter(({ operator }) => operator === 'In' || operator === 'Exists').map(({ key, values }) => [key, values?.[0] ?? NOBODY])),
  }) as Labels)
  const refused = selectors.flatMap(({ matchExpressions = [] }) => matchExpressions.flatMap(({ key, values = [NOBODY] }) => values.map((value): Labels => ({ [key]: value }))))
  const less = wanted.flatMap(labels => Object.keys(labels).flatMap((key): Labels[] => {
    const { [key]: _, ...rest } = labels
    return [rest, { ...labels, [key]: NOBODY }]
  }))
  const one = [...wanted, ...refused]
  const both = one.flatMap((labels, index) => one.slice(index + 1).map(other => ({ ...labels, ...other })))
  const all = [{}, ...one, ...less, ...both]
  return [...new Map(all.map(labels => [JSON.stringify(Object.entries(labels).sort()), labels])).values()]
}

/** Each port that is named, the ends of ranges and what is beside them, and one that nobody names; names as the pods have them. */
function portsOf(named: readonly { readonly protocol?: PolicyProtocol, readonly port?: number | string, readonly endPort?: number }[], pods: readonly Pod[]): Port[] {
  const numbers = named.flatMap(({ port, endPort, protocol = 'TCP' }): Port[] => typeof port !== 'number' ? []
    : [port, port - 1, endPort ?? port, (endPort ?? port) + 1].filter(number => number > 0 && number < 65_536).map(number => ({ port: number, protocol })))
  const words = named.flatMap(({ port, protocol = 'TCP' }, index): Port[] => {
    if (typeof port !== 'string') return []
    const known = pods.flatMap(pod => pod.ports).find(one => one.name === port && one.protocol === protocol)
    return [known ?? { name: port, port: 40_000 + index, protocol }]
  })
  const others = (['TCP', 'UDP', 'SCTP'] as const).map((protocol): Port => ({ port: 39_999, protocol }))
  return [...new Map([...numbers, ...others, ...words].map(port => [`${port.port}/${port.protocol}`, port])).values()]
}

/** An address of a block: its first. */
const inside = (cidr: string): string[] => [cidr.split('/')[0]!]
