import { BlockList, isIP } from 'node:net'
import type { IpBlock, Labels, Requirement, Selector } from './model.ts'

/** Whether all of a selector's requirements hold; an empty one selects everything. */
export const selects = ({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean =>
  Object.entries(matchLabels).every(([key, value]) => has(labels, key) && labels[key] === value)
  && matchExpressions.every(requirement => holds(requirement, labels))

/** Selects everything. */
export const isEmpty = ({ matchLabels = {}, matchExpressions = [] }: Selector): boolean => Object.keys(matchLabels).length + matchExpressions.length === 0

/** `NotIn` holds for what lacks the label too. Source: k8s.io/apimachinery, labels.Requirement.Matches. */
function holds({ key, operator, values = [] }: Requirement, labels: Labels): boolean {
  const value = has(labels, key) ? labels[key] : undefined
  switch (operator) {
    case 'In': return value !== undefined && values.includes(value)
    case 'NotIn': return value === undefined || !values.includes(value)
    case 'Exists': return value !== undefined
    case 'DoesNotExist': return value === undefined
  }
}

const has = (labels: Labels, key: string): boolean => Object.hasOwn(labels, key)

/** Whether a block holds an address; of another family it holds none. */
export const holdsAddress = ({ cidr, except = [] }: IpBlock, address: string): boolean =>
  contains(cidr, address) && !except.some(part => contains(part, address))

export function contains(cidr: string, address: string): boolean {
  const [network = '', prefix = ''] = cidr.split('/')
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  list.addSubnet(network, Number(prefix), family)
  return isIP(address) === isIP(network) && list.check(address, family)
}

export function isCidr(text: string): boolean {
  const [network = '', prefix = '', rest] = text.split('/')
  const family = isIP(network)
  return rest === undefined && family !== 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 6 ? 128 : 32)
}
