/** The machine that runs Proofbook itself, with the command `power`; drills only. */
export const LAB_HOST = 'lab'

/** Where a block runs that does not say. */
export const DEFAULT_HOST = 'workstation'

const everywhere = ['client', 'servers', 'nodes', DEFAULT_HOST, LAB_HOST]
const oneServer = ['s1', 'a1', 'a2', 'agents', ...everywhere]

/** Hosts and roles that `on=` may name, by topology. A test compares them with the lab's own plans. */
export const topologies: Readonly<Record<string, readonly string[]>> = {
  'load-balancer': ['lb', 'load-balancers', 's1', 's2', 's3', ...everywhere],
  'two-load-balancers': ['lb', 'lb2', 'load-balancers', 's1', 's2', 's3', ...everywhere],
  'cluster': oneServer,
  'cluster-and-outside': ['outside', ...oneServer],
  'no-cluster': ['lb', 'lb2', 'load-balancers', 's1', 'servers', 'client', DEFAULT_HOST, LAB_HOST],
}

export const DEFAULT_TOPOLOGY = 'load-balancer'
