/** One question of a matrix, and what may come of it. Pure data. */
import type { Pod, PolicyProtocol } from './model.ts'

export const protocols = ['TCP', 'UDP', 'SCTP', 'ICMP'] as const
export type Protocol = PolicyProtocol | 'ICMP'

/** What a probe saw, and what it means. */
export const outcomes = {
  'allow': 'the server answered',
  'drop': 'no answer in time: packets vanish',
  'reject': 'refused at once, though without the policies the server answers',
  'refused': 'refused at once: nothing listens there',
  'dns': 'the name has no address',
  'no-route': 'the network says that there is no way',
  'unsupported': 'this kernel or image cannot ask that',
  'error': 'the question itself failed',
} as const
export type Outcome = keyof typeof outcomes

/** `deny`: drop, reject or no-route; which of them is the network's business. */
export const expectations = ['allow', 'deny', 'drop', 'reject', 'dns'] as const
export type Expectation = typeof expectations[number]

/** A machine that is no pod. */
export interface Machine {
  readonly name: string
  readonly address: string
}

export interface Flow {
  readonly from: Pod
  readonly to: Pod | Machine
  /** 0 for ICMP. */
  readonly port: number
  readonly protocol: Protocol
  /** By the name of a Service in front of the receiver, in place of its address. */
  readonly byName: boolean
  readonly expect: Expectation
  /** Where the expectation is from: the file, or why the policies say so. */
  readonly why: string
}

export const podOf = (to: Flow['to']): Pod | undefined => 'labels' in to ? to : undefined

export const flowText = ({ from, to, port, protocol, byName }: Flow): string => {
  const target = podOf(to)
  return `${from.namespace}/${from.name} -> ${target === undefined ? to.name : `${target.namespace}/${target.name}`}`
    + ` ${protocol === 'ICMP' ? 'ICMP' : `${port}/${protocol}`}${byName ? ' by name' : ''}`
}
