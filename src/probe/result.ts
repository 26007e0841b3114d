/** What probes answer. */

/** Every question that probeCluster asks, in the order of its table; what each of them shows. */
export const probeNames = {
  'node-ready': 'the node is Ready and starts pods',
  'pod-to-pod': 'a pod reaches a pod by its address',
  'node-to-pod': 'a node reaches a pod by its address',
  'mtu': 'a datagram as large as the pod may send arrives in one piece',
  'mtu-exceeded': 'one byte more is refused, not cut up, when it must stay in one piece',
  'dns-name': 'a pod resolves the name of a Service through its search path',
  'dns-domain': 'a pod resolves the full name of a Service in the cluster\'s domain',
  'clusterip-from-pod': 'a pod reaches a Service whose pod is on its own node',
  'clusterip-from-node': 'a node reaches a Service whose pod is on it',
  'nodeport-from-node': 'a node reaches the NodePort of a Service on a node where its pod is',
  'nodeport-from-client': 'a machine beside the cluster reaches the NodePort on a node where its pod is',
} as const

export type ProbeName = keyof typeof probeNames

export interface ProbeResult<Name extends string = ProbeName> {
  readonly name: Name
  /** A node, or the client's name. */
  readonly from: string
  /** A node; empty where there is no other end. */
  readonly to: string
  /** null: could not be asked; `detail` says why. */
  readonly ok: boolean | null
  /** Of the last attempt, in steps of 10. */
  readonly ms: number
  /** What was measured, or what went wrong. */
  readonly detail: string
}

/** One line for each thing that does not work; empty when all of it does. */
export const problemsOf = (results: readonly ProbeResult<string>[]): string[] =>
  results.filter(({ ok }) => ok === false).map(({ name, from, to, detail }) =>
    `${name}: ${from}${to === '' ? '' : ` -> ${to}`}: ${detail}`)
