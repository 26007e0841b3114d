/** Rules that allow more than they seem to. */
import { peersOf, rulesOf } from '../../evaluate.ts'
import { isEmpty } from '../../selector.ts'
import { keyOf, ofPolicy, peerKeyOf, rulesIn, type Check } from '../view.ts'

export const emptyList: Check = view => rulesIn(view).flatMap(({ written, direction, rule, at }) => {
  const key = peerKeyOf(direction)
  return [
    ...rule[key]?.length === 0 ? [ofPolicy('empty-list', written, [...at, key], `"${key}: []" means everybody`)] : [],
    ...rule.ports?.length === 0 ? [ofPolicy('empty-list', written, [...at, 'ports'], '"ports: []" means every port')] : [],
  ]
})

/** What an empty list says is told by `emptyList`. */
export const allowsAll: Check = view => rulesIn(view).flatMap(({ written, direction, rule, at }) => {
  if (peersOf(rule, direction) !== undefined || rule.ports !== undefined) return []
  const limits = new Set(view.selectedBy(written.policy).flatMap(pod => view.isolating(pod, direction)))
  const others = [...limits].filter(one => one !== written).map(({ policy }) => policy.metadata.name)
  const own = rulesOf(written.policy, direction).length > 1
  const what = `an empty rule allows all ${keyOf(direction)}`
  if (others.length === 0 && !own) return [ofPolicy('allows-all', written, at, what)]
  return [ofPolicy('undoes-others', written, at, `${what}, so that ${[...own ? ['the other rules beside it'] : [], ...others].join(', ')} close nothing`)]
})

export const everyNamespace: Check = view => rulesIn(view).flatMap(({ written, direction, rule, at }) => (peersOf(rule, direction) ?? []).flatMap((peer, index) =>
  peer.namespaceSelector !== undefined && isEmpty(peer.namespaceSelector) && isEmpty(peer.podSelector ?? {})
    ? [ofPolicy('every-namespace', written, [...at, peerKeyOf(direction), index], 'an empty namespaceSelector: every pod of the cluster')] : []))

export const twoItems: Check = view => rulesIn(view).flatMap(({ written, direction, rule, at }) => (peersOf(rule, direction) ?? []).flatMap((peer, index, peers) => {
  const before = peers[index - 1]
  const [pods, namespaces] = [[before, peer], [peer, before]].find(([one, other]) => one?.podSelector !== undefined && one.namespaceSelector === undefined && other?.namespaceSelector !== undefined && other.podSelector === undefined) ?? []
  if (pods?.podSelector === undefined || namespaces?.namespaceSelector === undefined || isEmpty(pods.podSelector) || isEmpty(namespaces.namespaceSelector)) return []
  return [ofPolicy('two-items', written, [...at, peerKeyOf(direction), index], 'a namespaceSelector and a podSelector are two items: "or", not "and"')]
}))
