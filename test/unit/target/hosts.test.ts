import { homedir } from 'node:os'
import { describe, expect, test } from 'vitest'
import { EXAMPLE } from '../../../src/target/hosts/inventory.ts'
import { parseInventory } from '../../../src/target/hosts/inventory-file.ts'

describe('an inventory', () => {
  test('names hosts by ssh or this machine', () => {
    const { context, config, hosts } = parseInventory('/book/hosts.yaml', `
context: home
ssh: { config: ssh_config }
hosts:
  lb: { ssh: root@192.168.0.46 }
  s1: { ssh: node-1.lan, sudo: true, roles: [servers] }
  workstation: local
`)
    expect({ context, config }).toEqual({ context: 'home', config: '/book/ssh_config' })
    expect(hosts).toEqual([
      { name: 'lb', roles: [], ssh: { destination: 'root@192.168.0.46', sudo: false } },
      { name: 's1', roles: ['servers'], ssh: { destination: 'node-1.lan', sudo: true } },
      { name: 'workstation', roles: [], ssh: undefined },
    ])
  })

  test('the example that messages show is one, with every key', () => {
    const { context, facts, hosts } = parseInventory('/book/hosts.yaml', EXAMPLE)
    expect({ context, facts }).toEqual({ context: 'home', facts: { distro: 'k3s', cni: 'flannel' } })
    expect(hosts.find(({ name }) => name === 's2')?.ssh).toEqual({
      destination: 'admin@10.0.0.52', port: 2222, identity: `${homedir()}/.ssh/home`, jump: 'bastion', sudo: 'password',
    })
  })

  test.each([
    ['', /^h\.yaml: received no map, expected an inventory such as/],
    ['hosts: {}', /^h\.yaml:1: received no hosts/],
    ['hosts:\n  lb: { ssh: "-oProxyCommand=x" }', /^h\.yaml:2: received ssh: "-oProxyCommand=x" for host lb, expected user@address/],
    ['hosts:\n  lb: { ssh: "a b" }', /^h\.yaml:2: /],
    ['hosts:\n  lb: { ssh: a;b }', /^h\.yaml:2: /],
    ['hosts:\n  lb: { roles: [x] }', /^h\.yaml:2: received no ssh for host lb/],
    ['hosts:\n  lb: { shs: a }', /^h\.yaml:2: received "shs" for host lb, expected ssh, port, .*\. Did you mean "ssh"\?/],
    ['hosts:\n  lb: remote', /^h\.yaml:2: received "remote" for host lb, expected "local"/],
    ['hosts:\n  LB: local', /^h\.yaml:2: received host name "LB"/],
    ['hosts:\n  lb: { ssh: a, sudo: maybe }', /^h\.yaml:2: received sudo: "maybe" for host lb, expected true, false or password/],
    ['hosts:\n  lb: { ssh: a, roles: servers }', /^h\.yaml:2: received roles: "servers" for host lb, expected a list/],
    ['hosts:\n  lb: { ssh: a, port: 70000 }', /^h\.yaml:2: received port: 70000 for host lb, expected a port/],
    ['hosts:\n  lb: { ssh: a, jump: "-J x" }', /^h\.yaml:2: received jump: "-J x"/],
    ['hosts:\n  lb: { ssh: a, identity: -x }', /^h\.yaml:2: received identity: "-x"/],
    ['host:\n  lb: local', /^h\.yaml:1: received "host", expected context, kubeconfig, facts, hosts or ssh. Did you mean "hosts"\?/],
    ['context: 7\nhosts:\n  lb: local', /^h\.yaml:1: received context: 7, expected the name of a context/],
    ['ssh: { confg: x }\nhosts:\n  lb: local', /^h\.yaml:1: received "confg" of ssh, expected config/],
    ['facts: { cni: [x] }\nhosts:\n  lb: local', /^h\.yaml:1: received facts: /],
    ['hosts: [', /^h\.yaml:1: not YAML/],
  ])('%j is refused with file and line', (text, message) => {
    expect(() => parseInventory('h.yaml', text)).toThrow(message)
  })
})
