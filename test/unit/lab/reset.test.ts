import { describe, expect, test } from 'vitest'
import { planRepair } from '../../../src/lab/reset/host-plan.ts'
import { leaving } from '../../../src/lab/reset/namespaces.ts'
import { planObjects } from '../../../src/lab/reset/objects.ts'
import { CommandFailed } from '../../../src/lab/images/run.ts'
import { refusal } from '../../../src/lab/reset/refusal.ts'
import { topologyNamed } from '../../../src/lab/topology/topologies.ts'
import type { KubeObject } from '../../../src/lab/inventory/objects.ts'

const none = { restore: [], remove: [], commands: [], hopeless: [] }

describe('what a host needs to be as before', () => {
  const was = (path: string): boolean => ['/etc/fstab', '/etc/gone', '/etc/a b'].includes(path)
  const plan = (...lines: string[]) => planRepair('s1', lines, was)

  test('nothing for other hosts', () => {
    expect(plan('+ file s2 /etc/x sha256:' + 'a'.repeat(64), '+ object ConfigMap default/s1 sha256:1')).toEqual(none)
  })

  test('files that changed or went come back; new ones go, what is inside first', () => {
    const hash = (letter: string): string => `sha256:${letter.repeat(64)}`
    expect(plan(
      `- file s1 /etc/fstab ${hash('a')}`, `+ file s1 /etc/fstab ${hash('b')}`,
      `- mode s1 /etc/gone -rw-r--r-- root:root `, `- mode s1 /etc/a b lrwxrwxrwx root:root /x`,
      `+ mode s1 /etc/new drwxr-xr-x root:root `, `+ mode s1 /etc/new/file -rw------- root:root `, `+ file s1 /etc/new/file ${hash('c')}`,
    )).toEqual({ ...none, restore: ['/etc/a b', '/etc/fstab', '/etc/gone'], remove: ['/etc/new/file', '/etc/new'] })
  })

  test.each([
    ['+ addr s1 enp1s0 inet 192.168.0.45/32 scope global enp1s0', ['ip', '-4', 'addr', 'del', '192.168.0.45/32', 'dev', 'enp1s0', 'scope', 'global']],
    ['+ route s1 203.0.113.0/24 via 192.168.0.46 dev enp1s0', ['ip', '-4', 'route', 'del', '203.0.113.0/24', 'via', '192.168.0.46', 'dev', 'enp1s0']],
    ['+ route s1 100: from all lookup 7', ['ip', 'rule', 'del', 'from', 'all', 'lookup', '7', 'priority', '100']],
    ['+ link s1 dummy0 BROADCAST,NOARP,UP mtu 1500', ['ip', 'link', 'del', 'dummy0']],
    ['+ firewall s1 -A INPUT -p tcp -m comment --comment "a b" -j DROP', ['bash', '-c', 'iptables --wait -D INPUT -p tcp -m comment --comment "a b" -j DROP']],
    ['- firewall s1 :FORWARD DROP', ['iptables', '--wait', '-P', 'FORWARD', 'DROP']],
    ['- sysctl s1 net.ipv4.ip_nonlocal_bind = 0', ['sysctl', '-qw', 'net.ipv4.ip_nonlocal_bind=0']],
    ['- unit s1 kubelet.service active running', ['systemctl', 'start', 'kubelet.service']],
  ])('%s', (line, argv) => {
    expect(plan(line)).toEqual({ ...none, commands: [argv] })
  })

  test('a link that changed is set, not deleted', () => {
    expect(plan('- link s1 flannel.1 BROADCAST,UP mtu 1450', '+ link s1 flannel.1 BROADCAST mtu 1500').commands)
      .toEqual([['ip', 'link', 'set', 'flannel.1', 'mtu', '1450'], ['ip', 'link', 'set', 'flannel.1', 'up']])
  })

  test('a unit in another state is started again; a socket is not stopped, for systemd would not listen again beside its running service', () => {
    expect(plan('- unit s1 systemd-journald-dev-log.socket active running', '+ unit s1 systemd-journald-dev-log.socket active listening',
      '- unit s1 nginx.service active running', '+ unit s1 nginx.service failed failed', '+ unit s1 left.service active running').commands)
      .toEqual([['systemctl', 'stop', 'left.service'], ['systemctl', 'reset-failed'],
        ['systemctl', 'start', 'systemd-journald-dev-log.socket'], ['systemctl', 'restart', 'nginx.service']])
  })

  test('a package is not to be put back by this; a link that is gone may come back by itself', () => {
    const lines = ['+ package s1 tmux 3.3a-3 installed', '- link s1 cni0 UP mtu 1450', '- addr s1 cni0 inet 10.244.1.1/24 scope global cni0',
      '- route s1 10.244.2.0/24 via 10.244.2.0 dev cni0 onlink']
    expect(plan(...lines)).toEqual({ ...none, hopeless: [lines[0]] })
  })
})

describe('what a cluster needs to be as before', () => {
  const object = (kind: string, name: string, more: object = {}): KubeObject => ({
    apiVersion: 'v1', kind, metadata: { namespace: 'default', name, uid: 'u', resourceVersion: '7' }, ...more,
  }) as KubeObject
  const before = [object('ConfigMap', 'kept', { data: { a: '1' } }), object('ConfigMap', 'lost'), { ...object('Namespace', 'team'), metadata: { name: 'team' } }]

  test('added goes, changed and lost come back as somebody would write them, namespaces first', () => {
    const now = [object('ConfigMap', 'kept', { data: { a: '2' } }), object('ConfigMap', 'added'), object('Pod', 'alone')]
    const { remove, replace, create } = planObjects(before, now)
    expect(remove.map(({ metadata }) => metadata.name)).toEqual(['added', 'alone'])
    expect(replace).toEqual([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name: 'kept' }, data: { a: '1' } }])
    expect(create.map(({ metadata }) => metadata.name)).toEqual(['team', 'lost'])
  })

  test('another version number, status or owner\'s object is no change', () => {
    const owned = object('ReplicaSet', 'x', { metadata: { name: 'x', ownerReferences: [{ kind: 'Deployment', name: 'd', controller: true }] } })
    const now = [...before.map(it => ({ ...it, metadata: { ...it.metadata, resourceVersion: '8' }, status: {} })), owned]
    expect(planObjects(before, now as KubeObject[])).toEqual({ remove: [], replace: [], renew: [], create: [] })
  })

  test('what the API lets nobody change is made anew as it was, all else of such an object is replaced', () => {
    const service = (spec: object): KubeObject => object('Service', 'web', { spec: { clusterIP: '10.96.0.7', clusterIPs: ['10.96.0.7'], ...spec } })
    const was = service({ ports: [{ port: 80 }] })
    const moved = planObjects([was], [service({ clusterIP: '10.96.9.9', clusterIPs: ['10.96.9.9'], ports: [{ port: 80 }] })])
    expect(moved).toMatchObject({ remove: [], replace: [], renew: [{ metadata: { name: 'web' }, spec: { clusterIP: '10.96.0.7' } }], create: [] })
    expect(planObjects([was], [service({ ports: [{ port: 81 }] })])).toMatchObject({ replace: [{ spec: { ports: [{ port: 80 }] } }], renew: [] })
    const binding = (role: string): KubeObject => object('RoleBinding', 'b', { roleRef: { name: role } })
    expect(planObjects([binding('a')], [binding('b')])).toMatchObject({ replace: [], renew: [{ roleRef: { name: 'a' } }] })
  })
})

test('namespaces are waited for when nothing else is left, and no pod', () => {
  const [space, inside] = ['+ object Namespace left sha256:1', '+ object ConfigMap left/kube-root-ca.crt sha256:2']
  expect(leaving([space, inside, '+ object Namespace other sha256:3'])).toEqual(['left', 'other'])
  expect(leaving([inside])).toEqual([])
  for (const more of ['+ pods of Deployment left/web: 4', '+ object ConfigMap leftover/x sha256:1', '+ object Secret left sha256:1',
    '- object Namespace team sha256:1', '+ link s1 left0 UP mtu 1500', 's1 does not answer on port 80']) {
    expect(leaving([space, inside, more]), more).toEqual([])
  }
})

test('who does not answer is named, with its last words', () => {
  const lab = { topology: topologyNamed('load-balancer'), container: (host: string) => `proofbook-x-${host}` }
  expect(refusal(lab, new CommandFailed(['docker', 'exec', 'proofbook-x-s1', 'bash'], 1, 'one\nno such container\n'))).toBe('s1: received "no such container"')
  expect(refusal(lab, new CommandFailed(['kubectl', 'get', 'pods'], 1, 'dial tcp: connection refused\n'))).toBe('the API server: received "dial tcp: connection refused"')
  expect(refusal(lab, new CommandFailed(['kubectl', 'get', 'pods'], 1, ''))).toBe('the API server: received "exit 1"')
})
