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

/** `172.18.0.1`: the gateway that Docker takes by itself, and does not write down. k3d looks for it there. */
export const firstHost = (subnet: string): string => start(subnet).replace(/\d+$/, byte => String(Number(byte) + 1))

const start = (cidr: string): string => cidr.split('/')[0] ?? ''
