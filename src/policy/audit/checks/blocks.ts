/** Blocks of addresses that hold pods. */
import { peersOf } from '../../evaluate.ts'
import { contains, holdsAddress } from '../../selector.ts'
import { ofPolicy, peerKeyOf, rulesIn, type Check } from '../view.ts'

export const blocks: Check = view => rulesIn(view).flatMap(({ written, direction, rule, at }) => (peersOf(rule, direction) ?? []).flatMap(({ ipBlock }, index) => {
  if (ipBlock === undefined) return []
  const place = [...at, peerKeyOf(direction), index, 'ipBlock', 'cidr']
  const { cidr, except = [] } = ipBlock
  const covered = view.podRanges.find(range => covers(cidr, range))
  if (covered !== undefined) {
    return except.some(part => covers(part, covered)) || cidr === covered && except.length > 0 ? []
      : [ofPolicy(cidr === covered ? 'block-of-pods' : 'block-covers-pods', written, place, `${cidr} ${cidr === covered ? 'is' : 'holds'} the network of the pods${cidr === covered ? '' : `, ${covered}`}`)]
  }
  const range = view.podRanges.find(one => covers(one, cidr))
  const pod = view.pods.find(({ address }) => address !== undefined && holdsAddress(ipBlock, address))
  if (range !== undefined) return [ofPolicy('block-of-pods', written, place, `${cidr} is within the network of the pods, ${range}${pod === undefined ? '' : `; ${pod.namespace}/${pod.name} is there now`}`)]
  return pod === undefined ? [] : [ofPolicy('block-covers-pods', written, place, `${cidr} holds addresses of pods, such as ${pod.namespace}/${pod.name}`)]
}))

/** Whether all of the other network is in the one. */
function covers(one: string, other: string): boolean {
  const [network = '', prefix = ''] = other.split('/')
  return Number(one.split('/')[1]) <= Number(prefix) && contains(one, network)
}
