/** The machine that runs Proofbook itself, with the command `power`; drills only. */
export const LAB_HOST = 'lab'

/** Where a block runs that does not say. */
export const DEFAULT_HOST = 'workstation'

/** Hosts and roles that `on=` may name, by topology. */
export const topologies: Readonly<Record<string, readonly string[]>> = {
  'load-balancer': ['lb', 'client', 's1', 's2', 's3', 'servers', DEFAULT_HOST, LAB_HOST],
}

export const DEFAULT_TOPOLOGY = 'load-balancer'
