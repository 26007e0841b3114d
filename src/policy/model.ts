/** Kubernetes' NetworkPolicy as far as its semantics go, and what a policy is about. Pure data. */

export const policyProtocols = ['TCP', 'UDP', 'SCTP'] as const
export type PolicyProtocol = typeof policyProtocols[number]

export type Labels = Readonly<Record<string, string>>

export interface Requirement {
  readonly key: string
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
  readonly values?: readonly string[]
}

/** Empty: selects all. */
export interface Selector {
  readonly matchLabels?: Labels
  readonly matchExpressions?: readonly Requirement[]
}

export interface IpBlock {
  readonly cidr: string
  readonly except?: readonly string[]
}

export interface Peer {
  readonly podSelector?: Selector
  readonly namespaceSelector?: Selector
  readonly ipBlock?: IpBlock
}

export interface PolicyPort {
  readonly protocol?: PolicyProtocol
  /** A number, or the name of a port of the pod that receives. */
  readonly port?: number | string
  readonly endPort?: number
}

/** `from` of an ingress rule, `to` of an egress rule. None, or an empty list: everybody, and every port. */
export interface Rule {
  readonly from?: readonly Peer[]
  readonly to?: readonly Peer[]
  readonly ports?: readonly PolicyPort[]
}

export type Direction = 'Ingress' | 'Egress'

/** A NetworkPolicy object, in the form of its manifest. */
export interface Policy {
  readonly apiVersion: 'networking.k8s.io/v1'
  readonly kind: 'NetworkPolicy'
  readonly metadata: { readonly name: string, readonly namespace: string, readonly labels?: Labels }
  readonly spec: {
    readonly podSelector: Selector
    readonly policyTypes?: readonly Direction[]
    readonly ingress?: readonly Rule[]
    readonly egress?: readonly Rule[]
  }
}

export interface Port {
  readonly name?: string
  readonly port: number
  readonly protocol: PolicyProtocol
}

export interface Pod {
  readonly name: string
  readonly namespace: string
  readonly labels: Labels
  readonly ports: readonly Port[]
  /** Once it runs. */
  readonly address?: string
}

/** Anything that is no pod: only ipBlock tells it from others. */
export interface Outside {
  readonly address: string
}

export type End = Pod | Outside

export const isPod = (end: End): end is Pod => 'labels' in end

export interface World {
  readonly namespaces: ReadonlyMap<string, Labels>
  readonly policies: readonly Policy[]
}

/** `namespace/name` of a pod, else the address. */
export const nameOf = (end: End): string => isPod(end) ? `${end.namespace}/${end.name}` : end.address
