import type { Topology } from './topology.ts'

/** Three servers, a host to become their load balancer, and a client that is the reader's workstation as well. */
export const loadBalancer: Topology = {
  name: 'load-balancer',
  lan: { prefix: 24, nic: 'enp1s0', gateway: '192.168.0.1' },
  hosts: [
    { name: 'lb', kind: 'machine', address: '192.168.0.46', roles: [] },
    { name: 'client', kind: 'machine', address: '192.168.0.100', roles: ['workstation'] },
    { name: 's1', kind: 'server', address: '192.168.0.51', roles: ['servers'] },
    { name: 's2', kind: 'server', address: '192.168.0.52', roles: ['servers'] },
    { name: 's3', kind: 'server', address: '192.168.0.53', roles: ['servers'] },
  ],
}
