/** Whether address ranges overlap. Pure. */
import { BlockList } from 'node:net'

/** `172.18.0.0/16` each. */
export function overlap(one: string, other: string): boolean {
  return contains(one, start(other)) || contains(other, start(one))
}

function contains(cidr: string, address: string): boolean {
  const list = new BlockList()
  list.addSubnet(start(cidr), Number(cidr.split('/')[1]))
  return list.check(address)
}

const start = (cidr: string): string => cidr.split('/')[0] ?? ''
