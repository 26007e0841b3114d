import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { factScript, FOLDERS, parseFacts, sources } from '../../../src/lab/inventory/facts.ts'
import { differences } from '../../../src/lab/inventory/inventory.ts'
import { releaseFacts } from '../../../src/lab/inventory/helm-release.ts'
import { objectFacts, type KubeObject } from '../../../src/lab/inventory/objects.ts'

const object = (kind: string, name: string, more: object = {}): KubeObject =>
  ({ apiVersion: 'v1', kind, metadata: { namespace: 'default', name }, ...more }) as KubeObject

describe('facts of a host', () => {
  test('each line is told by its source and host; what changes by itself is left out', () => {
    const of = (kind: string): number => sources.filter(({ only }) => only !== 'node').findIndex(source => source.kind === kind)
    const printed = [
      `${of('addr')} enp1s0 inet 192.168.0.46/24 scope global enp1s0`,
      `${of('listen')} tcp 0.0.0.0:443 haproxy`,
      `${of('listen')} tcp 127.0.0.1:41234 containerd`,
      `${of('listen')} tcp *:30080 x`,
      `${of('listen')} tcp 127.0.0.1:9234 cilium-operator`,
      `${of('mode')} /etc/passwd- -rw-r--r-- root:root `,
      `${of('mode')} /etc/passwd -rw-r--r-- root:root `,
      `${of('link')} veth12ab UP mtu 1500`,
      `${of('firewall')} :INPUT ACCEPT`,
      `${of('firewall')} -A INPUT -j DROP`,
      'noise of a login shell',
    ].join('\n')
    expect(parseFacts('machine', 'lb', printed)).toEqual([
      'addr lb enp1s0 inet 192.168.0.46/24 scope global enp1s0',
      'listen lb tcp 0.0.0.0:443 haproxy',
      'listen lb tcp *:30080 x',
      'mode lb /etc/passwd -rw-r--r-- root:root',
      'firewall lb -A INPUT -j DROP',
    ])
  })

  test('a timer whose service runs at this moment is the timer that waits; one that is stopped is missing', () => {
    const units = (lines: readonly string[]): string => execFileSync('bash', ['-c',
      `systemctl() { printf '%s\\n' "$UNITS"; }\n${sources.find(({ kind }) => kind === 'unit')!.script}`], { encoding: 'utf8', env: { ...process.env, UNITS: lines.join('\n') } })
    const clean = (state: string): string => `systemd-tmpfiles-clean.timer loaded active ${state} Daily Cleanup of Temporary Directories`
    const haproxy = 'haproxy.service loaded active running HAProxy Load Balancer'
    expect(units([clean('running'), haproxy])).toBe(units([clean('waiting'), haproxy]))
    expect(units([clean('running'), haproxy])).toBe('systemd-tmpfiles-clean.timer active waiting\nhaproxy.service active running\n')
    expect(units([haproxy])).not.toBe(units([clean('waiting'), haproxy]))
  })

  test('the bridge that a node gets with its first pod is no fact; what a network leaves behind is one', () => {
    const of = (kind: string): number => sources.filter(({ only }) => only !== 'machine').findIndex(source => source.kind === kind)
    const printed = [
      `${of('link')} cni0 BROADCAST,MULTICAST,UP,LOWER_UP mtu 1450`,
      `${of('addr')} cni0 inet 10.244.1.1/24 brd 10.244.1.255 scope global cni0`,
      `${of('route')} 10.244.1.0/24 dev cni0 proto kernel scope link src 10.244.1.1`,
      `${of('link')} cilium_vxlan BROADCAST,MULTICAST,UP,LOWER_UP mtu 1500`,
      `${of('addr')} cilium_host inet 10.244.1.231/32 scope global cilium_host`,
      `${of('route')} 10.244.0.0/24 via 10.244.1.231 dev cilium_host proto kernel src 10.244.1.231 mtu 1450`,
      `${of('route')} 9:\tfrom all fwmark 0x200/0xf00 lookup 2004`,
      `${of('route')} 10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink`,
    ].join('\n')
    expect(parseFacts('agent', 'a1', printed)).toEqual([
      'link a1 cilium_vxlan BROADCAST,MULTICAST,UP,LOWER_UP mtu 1500',
      'route a1 9:\tfrom all fwmark 0x200/0xf00 lookup 2004',
      'route a1 10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink',
    ])
  })

  test('ports that the kernel picks begin at 32768', () => {
    const [{ pattern } = { pattern: /x/ }] = sources.find(({ kind }) => kind === 'listen')?.except ?? []
    for (const port of [32768, 32769, 32770, 32799, 32800, 33000, 40000, 60999]) expect(`tcp 127.0.0.1:${port} x`).toMatch(pattern)
    for (const port of [22, 443, 3000, 6443, 8404, 30080, 32767]) expect(`tcp 127.0.0.1:${port} x`).not.toMatch(pattern)
  })

  test('a large file is the same when it is copied anew, and another when a byte of it is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'proofbook-facts-'))
    const path = join(folder, 'a program')
    const script = sources.filter(({ kind }) => kind === 'file').map(({ script }) => script.replace(FOLDERS, `'${folder}'`)).join('\n')
    const facts = (): string => execFileSync('bash', { input: script, encoding: 'utf8' })
    const bytes = Buffer.alloc(5 << 20, 'x')
    try {
      writeFileSync(path, bytes)
      const before = facts()
      expect(before).toMatch(/^\/.*\/a program 5242880 bytes sha256:[0-9a-f]{64}\n$/)
      rmSync(path)
      writeFileSync(path, bytes)
      utimesSync(path, 1, 1)
      expect(facts()).toBe(before)
      bytes.write('y', bytes.length - 1)
      writeFileSync(path, bytes)
      expect(facts()).not.toBe(before)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('the scripts are bash', () => {
    for (const kind of ['machine', 'server', 'agent'] as const) execFileSync('bash', ['-n'], { input: factScript(kind) })
  })

  test('every exclusion says why', () => {
    for (const { except = [] } of sources) for (const { why } of except) expect(why.length).toBeGreaterThan(5)
  })
})

describe('objects of a cluster', () => {
  const rs = object('ReplicaSet', 'echo-5d4', { metadata: { namespace: 'default', name: 'echo-5d4', ownerReferences: [{ kind: 'Deployment', name: 'echo', controller: true }] } })
  const pod = (name: string, more: object = {}): KubeObject => object('Pod', name, {
    metadata: { namespace: 'default', name, ownerReferences: [{ kind: 'ReplicaSet', name: 'echo-5d4', controller: true }], ...more },
  })

  test('pods are counted by who wants them, not named', () => {
    expect(objectFacts([rs, pod('echo-5d4-a'), pod('echo-5d4-b'), pod('echo-5d4-c', { deletionTimestamp: 'now' })]))
      .toEqual(['pods of Deployment default/echo: 2'])
  })

  test('a change of what is wanted is a difference, a change of status or bookkeeping is none', () => {
    const before = object('ConfigMap', 'x', { data: { a: '1' } })
    const touched = object('ConfigMap', 'x', {
      data: { a: '1' }, status: { phase: 'Ready' },
      metadata: { namespace: 'default', name: 'x', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' }, resourceVersion: '7', uid: 'u' },
    })
    const changed = object('ConfigMap', 'x', { data: { a: '2' } })
    expect(differences(objectFacts([before]), objectFacts([touched]))).toEqual([])
    expect(differences(objectFacts([before]), objectFacts([changed]))).toHaveLength(2)
  })

  test('the order of keys does not matter', () => {
    expect(objectFacts([object('ConfigMap', 'x', { data: { a: '1', b: '2' } })]))
      .toEqual(objectFacts([object('ConfigMap', 'x', { data: { b: '2', a: '1' } })]))
  })
})

describe('a release of Helm', () => {
  const revision = (version: number, config: object | null, status = 'deployed', chart = '1.19.7') => object('Secret', `sh.helm.release.v1.cilium.v${version}`, {
    type: 'helm.sh/release.v1',
    data: { release: packed({ name: 'cilium', namespace: 'kube-system', version, config, info: { status }, chart: { metadata: { name: 'cilium', version: chart } } }) },
  })
  const packed = (release: object): string => Buffer.from(gzipSync(JSON.stringify(release)).toString('base64')).toString('base64')
  const values = { ipam: { mode: 'kubernetes' }, debug: { enabled: true } }
  const first = objectFacts([revision(1, values)])

  test('is one fact, however often it was changed and changed back, in any order of keys', () => {
    expect(first).toEqual([expect.stringMatching(/^release kube-system\/cilium: cilium 1\.19\.7 deployed sha256:[0-9a-f]{16}$/)])
    const back = [revision(1, values, 'superseded'), revision(10, { debug: { enabled: true }, ipam: { mode: 'kubernetes' } }), revision(9, {}, 'superseded')]
    expect(objectFacts(back)).toEqual(first)
  })

  test.each([
    ['other values', [revision(2, { ...values, debug: { enabled: false } })]],
    ['no values', [revision(2, null)]],
    ['another chart', [revision(2, values, 'deployed', '1.20.1')]],
    ['a failed upgrade', [revision(1, values), revision(2, values, 'failed')]],
    ['no release', []],
  ])('%s: a difference', (_, secrets) => {
    expect(objectFacts(secrets)).not.toEqual(first)
  })

  test('a Secret of that type that is none is named', () => {
    const broken = object('Secret', 'x', { type: 'helm.sh/release.v1', data: { release: 'eHh4' } })
    expect(() => releaseFacts([broken] as unknown as Parameters<typeof releaseFacts>[0])).toThrow('Secret default/x is of type helm.sh/release.v1')
  })
})

test('differences name both sides', () => {
  expect(differences(['a', 'b'], ['b', 'c'])).toEqual(['- a', '+ c'])
})
