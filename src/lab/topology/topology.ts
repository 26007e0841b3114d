/** The hosts of a lab: names, addresses and roles, before anything runs. Pure data. */

/** `machine`: a Debian host; `server`: a node of the cluster that is a control plane too; `agent`: one that is not. */
export type HostKind = 'machine' | 'server' | 'agent'

export interface HostPlan {
  /** The name that runbooks use: `lb`, `s1`, `a1`. */
  readonly name: string
  readonly kind: HostKind
  /** On the LAN. */
  readonly address: string
  readonly roles: readonly string[]
}

export interface Topology {
  readonly name: string
  readonly lan: {
    /** 24: the first three bytes of an address name the LAN. */
    readonly prefix: 24
    /** Name of each host's interface on the LAN. */
    readonly nic: string
    /** Address that default routes point to. Nobody has it: what is sent there is lost, which is the point. */
    readonly gateway: string
  }
  readonly hosts: readonly HostPlan[]
  /** Whether an ingress controller and an application behind it run in the cluster from the start. */
  readonly ingress: boolean
}

/** `192.168.0.0/24`. */
export const lanSubnet = ({ lan }: Topology): string => `${lan.gateway.replace(/\.\d+$/, '.0')}/${lan.prefix}`

export const hostNamed = (topology: Topology, name: string): HostPlan | undefined =>
  topology.hosts.find(host => host.name === name)

export const servers = (topology: Topology): HostPlan[] => topology.hosts.filter(host => host.kind === 'server')

export const agents = (topology: Topology): HostPlan[] => topology.hosts.filter(host => host.kind === 'agent')

/** Without one a lab is machines on a LAN: no kubectl, no Docker network, up in seconds. */
export const hasCluster = (topology: Topology): boolean => servers(topology).length > 0

/** Servers, then agents: in the order in which they join. */
export const nodes = (topology: Topology): HostPlan[] => [...servers(topology), ...agents(topology)]

export const machines = (topology: Topology): HostPlan[] => topology.hosts.filter(host => host.kind === 'machine')

/** A hardware address that stays the same over power cycles, as a real NIC's: 02:00 and the four bytes of the address. */
export function macOf(address: string): string {
  return ['02', '00', ...address.split('.').map(byte => Number(byte).toString(16).padStart(2, '0'))].join(':')
}

/** `3 servers`, `1 server, 2 agents`. */
export function countNodes(topology: Topology): string {
  const count = (hosts: readonly HostPlan[], one: string): string[] =>
    hosts.length === 0 ? [] : [`${hosts.length} ${one}${hosts.length === 1 ? '' : 's'}`]
  return [...count(servers(topology), 'server'), ...count(agents(topology), 'agent')].join(', ')
}
