/** The flows that a page can have measured while it is verified: register one here, and its question in `src/lab/assets/prober`. */

export const flows = {
  'http': 'from the lab\'s client through a node port of each node in turn, to a Deployment of two replicas with a PodDisruptionBudget',
  'dns': 'the cluster\'s DNS asked for a Service, from a pod of each node',
  'pod-to-pod': 'a new connection from a pod of each node to another pod there',
  'pod-to-pod-across-nodes': 'the same to pods of the other nodes in turn',
  'tcp-new': 'a new connection from a pod of each node to a Service',
  'tcp-long': 'a message on a connection that stays open, from a pod of each node to one of another node',
  'api-write': 'a change of an object, from the lab\'s client to each server in turn',
} as const

export type Flow = keyof typeof flows

export const flowNames = Object.keys(flows) as readonly Flow[]

/** Asked so often, each of them. */
export const PER_SECOND = 20
