import { describe, expect, test } from 'vitest'
import { parseInventory } from '../../../src/target/hosts/inventory-file.ts'

describe('an inventory', () => {
  test('names hosts by ssh or this machine', () => {
    const { context, config, hosts } = parseInventory('hosts.yaml', `
context: home
ssh: { config: ssh_config }
hosts:
  lb: { ssh: root@192.168.0.46 }
  s1: { ssh: node-1.lan, sudo: true, roles: [servers] }
  workstation: local
`)
    expect({ context, config }).toEqual({ context: 'home', config: 'ssh_config' })
    expect(hosts).toEqual([
      { name: 'lb', roles: [], destination: 'root@192.168.0.46', sudo: false },
      { name: 's1', roles: ['servers'], destination: 'node-1.lan', sudo: true },
      { name: 'workstation', roles: [], destination: undefined, sudo: false },
    ])
  })

  test.each([
    ['', /^h\.yaml: received no map, expected an inventory such as/],
    ['hosts: {}', /^h\.yaml:1: received no hosts/],
    ['hosts:\n  lb: { ssh: "-oProxyCommand=x" }', /^h\.yaml:2: received ssh: "-oProxyCommand=x" for host lb, expected user@address/],
    ['hosts:\n  lb: { ssh: "a b" }', /^h\.yaml:2: /],
    ['hosts:\n  lb: { ssh: a;b }', /^h\.yaml:2: /],
    ['hosts:\n  lb: { shs: a }', /^h\.yaml:2: received "shs" for host lb, expected ssh, roles or sudo/],
    ['hosts:\n  lb: remote', /^h\.yaml:2: received "remote" for host lb, expected "local"/],
    ['hosts:\n  LB: local', /^h\.yaml:2: received host name "LB"/],
    ['hosts:\n  lb: { ssh: a, sudo: maybe }', /^h\.yaml:2: received sudo: "maybe", expected true or false/],
    ['hosts:\n  lb: { ssh: a, roles: servers }', /^h\.yaml:2: received roles: "servers", expected a list/],
    ['host:\n  lb: local', /^h\.yaml:1: received "host", expected context, hosts or ssh/],
    ['hosts: [', /^h\.yaml:1: not YAML/],
  ])('%j is refused with file and line', (text, message) => {
    expect(() => parseInventory('h.yaml', text)).toThrow(message)
  })
})
