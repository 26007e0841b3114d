import { describe, expect, test } from 'vitest'
import { LabError } from '../../../src/lab/errors.ts'
import { backendNamed } from '../../../src/lab/cluster/backends.ts'
import { bridgeName, checkName } from '../../../src/lab/names.ts'
import { firstHost, overlap } from '../../../src/lab/network/subnets.ts'
import { countNodes, hasCluster, lanSubnet, macOf, nodes } from '../../../src/lab/topology/topology.ts'
import { topologyOf, withAgents } from '../../../src/lab/topology/plan.ts'
import { topologies, topologyNamed } from '../../../src/lab/topology/topologies.ts'
import { topologies as namedInPages } from '../../../src/runbook/topologies.ts'

describe('topologies', () => {
  test('every host and role that a page may name is in the topology, and none else but the machine itself', () => {
    for (const topology of topologies) {
      const known = new Set(topology.hosts.flatMap(({ name, roles }) => [name, ...roles]))
      expect(new Set(namedInPages[topology.name]?.filter(name => name !== 'lab'))).toEqual(known)
    }
  })

  test('no two hosts share an address, and nobody has the gateway\'s', () => {
    for (const { hosts, lan } of topologies) {
      const addresses = [...hosts.map(({ address }) => address), lan.gateway]
      expect(new Set(addresses).size).toBe(addresses.length)
    }
  })

  test('an unknown one is refused with the known ones', () => {
    expect(() => topologyNamed('ring')).toThrow(/received topology "ring", expected one of: load-balancer/)
  })

  test('with other agents: the same name, servers, machines and addresses', () => {
    const outside = topologyNamed('cluster-and-outside')
    expect(withAgents(outside, 2)).toEqual(outside)
    const { name, hosts } = withAgents(outside, 4)
    expect(name).toBe(outside.name)
    expect(hosts.filter(({ kind }) => kind !== 'agent')).toEqual(outside.hosts.filter(({ kind }) => kind !== 'agent'))
    expect(hosts.filter(({ kind }) => kind === 'agent').map(host => host.name)).toEqual(['a1', 'a2', 'a3', 'a4'])
    expect(() => withAgents(outside, 10)).toThrow('expected 0 to 9')
  })

  const size = { name: 'x', servers: 3, agents: 1, machines: ['lb2'], ingress: false }

  test('of any size: a workstation is always there', () => {
    const topology = topologyOf(size)
    expect(topology.hosts.map(({ name }) => name)).toEqual(['lb2', 'client', 's1', 's2', 's3', 'a1'])
    expect(countNodes(topology)).toBe('3 servers, 1 agent')
  })

  test('without a server there is no cluster', () => {
    const topology = topologyNamed('no-cluster')
    expect(hasCluster(topology)).toBe(false)
    expect(topology.hosts.every(({ kind }) => kind === 'machine')).toBe(true)
    expect(topologies.filter(hasCluster)).toHaveLength(topologies.length - 1)
  })

  test.each([
    [{ servers: 2 }, 'received 2 servers, expected 1 or 3'],
    [{ servers: 0 }, 'received 1 agents and no server that they could join'],
    [{ agents: 10 }, 'received 10 agents, expected 0 to 9'],
    [{ machines: ['db'] }, 'received host "db", expected some of: lb, lb2, client, outside'],
  ])('%j is refused', (wrong, message) => {
    expect(() => topologyOf({ ...size, ...wrong })).toThrow(message)
  })

  test('a NIC keeps its hardware address: local, unicast, made of the IP address', () => {
    expect(macOf('192.168.0.51')).toBe('02:00:c0:a8:00:33')
  })
})

describe('names', () => {
  const topology = topologyNamed('load-balancer')

  test('containers of nodes: kind\'s, in the order of joining', () => {
    const kind = backendNamed('kind')
    expect(nodes(topology).map(node => kind.containerName('x', topology, node)))
      .toEqual(['proofbook-x-control-plane', 'proofbook-x-worker', 'proofbook-x-worker2'])
    const mixed = topologyNamed('cluster')
    expect(nodes(mixed).map(node => `${node.name} ${kind.containerName('x', mixed, node)}`))
      .toEqual(['s1 proofbook-x-control-plane', 'a1 proofbook-x-worker', 'a2 proofbook-x-worker2'])
  })

  test.each(['', 'Lab', '1lab', 'a_b', 'a b', '-a', 'a-', 'a;rm', 'x'.repeat(31)])('lab name "%s" is refused', (name) => {
    expect(() => checkName(name)).toThrow(LabError)
  })

  test('a bridge\'s name fits into the kernel\'s 15 characters and stays different', () => {
    const long = ['a', 'b'].map(end => bridgeName(`a-very-long-name-of-a-lab-${end}`))
    for (const name of [...long, bridgeName('lab')]) expect(name.length).toBeLessThanOrEqual(15)
    expect(long[0]).not.toBe(long[1])
    expect(bridgeName('lab')).toBe('pb-lab')
  })
})

describe('subnets', () => {
  test.each([
    ['192.168.0.0/20', '192.168.0.0/24', true],
    ['192.168.0.0/24', '192.168.0.0/20', true],
    ['192.168.16.0/20', '192.168.0.0/24', false],
    ['172.18.0.0/16', '192.168.0.0/24', false],
    ['10.0.0.0/8', '10.96.0.0/16', true],
    ['10.97.0.0/16', '10.96.0.0/16', false],
  ])('%s and %s overlap: %s', (one, other, expected) => {
    expect(overlap(one, other)).toBe(expected)
  })

  test('the LAN\'s holds all of its hosts', () => {
    for (const topology of topologies) {
      for (const { address } of topology.hosts) expect(overlap(lanSubnet(topology), `${address}/32`)).toBe(true)
    }
  })
})

test('the gateway of a network is written down as Docker would choose it', () => {
  expect(['172.18.0.0/16', '192.168.32.0/20', '10.0.0.128/25'].map(firstHost)).toEqual(['172.18.0.1', '192.168.32.1', '10.0.0.129'])
})
