import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { k3dConfig } from '../../../src/lab/cluster/k3d-config.ts'
import { ended, k3dErrors, messageOf, runsK3s, tellingLines, type NodeSeen } from '../../../src/lab/cluster/k3d-failure.ts'
import { checkClusterName, fullName, parseImages } from '../../../src/lab/cluster/k3d.ts'
import { k3dBackend } from '../../../src/lab/cluster/k3d-backend.ts'
import { ciliumValues } from '../../../src/lab/cni/cilium-values.ts'
import { flannel } from '../../../src/lab/cni/flannel.ts'
import { asset } from '../../../src/lab/images/assets.ts'
import { edited } from '../../../src/lab/images/k3s-standin.ts'
import { topologyOf } from '../../../src/lab/topology/plan.ts'

const options = {
  name: 'proofbook-x', image: 'i', servers: 1, agents: 2, network: 'proofbook-x', labels: ['proofbook.lab=x'],
  flannel: true, certSANs: ['192.168.0.51'], timeout: 120,
}

interface Filtered { readonly nodeFilters: readonly string[] }
interface Config {
  readonly servers: number
  readonly agents: number
  readonly network: string
  readonly kubeAPI: Record<string, string>
  readonly ports?: unknown
  readonly volumes?: readonly (Filtered & { volume: string })[]
  readonly options: {
    readonly k3d: Record<string, unknown>
    readonly k3s: { readonly extraArgs: readonly (Filtered & { arg: string })[] }
    readonly kubeconfig: Record<string, boolean>
    readonly runtime: { readonly labels: readonly (Filtered & { label: string })[] }
  }
}
const config = (changes: Partial<Parameters<typeof k3dConfig>[0]> = {}): Config => parse(k3dConfig({ ...options, ...changes }))
const args = (of: Config, filter = 'server:*'): string[] =>
  of.options.k3s.extraArgs.filter(({ nodeFilters }) => nodeFilters.includes(filter)).map(({ arg }) => arg)

describe('k3d is told', () => {
  test('how many nodes, on a network of the lab, and nothing that listens beyond loopback', () => {
    const { servers, agents, network, kubeAPI, ports } = config({ servers: 3 })
    expect({ servers, agents, network }).toEqual({ servers: 3, agents: 2, network: 'proofbook-x' })
    expect(kubeAPI).toEqual({ host: '127.0.0.1', hostIP: '127.0.0.1' })
    expect(ports).toBeUndefined()
  })

  test('to end in time, to leave what failed, to make no load balancer, and to keep off the reader\'s kubeconfig', () => {
    expect(config().options.k3d).toEqual({ wait: true, timeout: '120s', disableLoadbalancer: true, disableRollback: true })
    expect(config().options.kubeconfig).toEqual({ updateDefaultKubeconfig: false, switchCurrentContext: false })
  })

  test('to label every node as the lab\'s', () => {
    expect(config().options.runtime.labels).toEqual([{ label: 'proofbook.lab=x', nodeFilters: ['all'] }])
  })

  test('to leave out Flannel and the NetworkPolicy controller where another CNI comes, and only there', () => {
    const off = ['--flannel-backend=none', '--disable-network-policy']
    expect(args(config({ flannel: false }))).toEqual(expect.arrayContaining(off))
    expect(args(config()).filter(arg => off.includes(arg))).toEqual([])
  })

  test('addresses for the certificate, on servers only: an agent knows no such flag', () => {
    expect(args(config({ certSANs: ['192.168.0.51', '192.168.0.52'] }))).toEqual(expect.arrayContaining(['--tls-san=192.168.0.51', '--tls-san=192.168.0.52']))
    expect(args(config(), 'all')).toEqual(['--kubelet-arg=fail-cgroupv1=false'])
  })

  test('where images lie that k3s\'s own image does not carry', () => {
    expect(config({ images: '/cache/k3s' }).volumes).toEqual([{ volume: '/cache/k3s:/var/lib/rancher/k3s/agent/images:ro', nodeFilters: ['all'] }])
    expect(config().volumes).toBeUndefined()
  })
})

describe('the k3d backend', () => {
  test('names containers as k3d does', () => {
    const topology = topologyOf({ name: 't', servers: 3, agents: 1, machines: [], ingress: false })
    const names = topology.hosts.filter(({ kind }) => kind !== 'machine').map(host => k3dBackend.containerName('x', topology, host))
    expect(names).toEqual(['k3d-proofbook-x-server-0', 'k3d-proofbook-x-server-1', 'k3d-proofbook-x-server-2', 'k3d-proofbook-x-agent-0'])
    expect(k3dBackend.labels('x')).toEqual(['k3d.cluster=proofbook-x'])
  })

  test('refuses a name that k3d would refuse, with the length that it may have', () => {
    expect(checkClusterName('a'.repeat(22))).toHaveLength(32)
    expect(() => checkClusterName('a'.repeat(23))).toThrow('expected at most 22 characters')
  })
})

describe('networks on k3d', () => {
  /** Answers as a real k3s would, which has no DaemonSet of Flannel's: none is here to ask. */
  const k3s = (...annotations: Record<string, string>[]) => async (): Promise<string> =>
    JSON.stringify({ items: annotations.map(each => ({ kind: 'Node', metadata: { annotations: each } })) })
  const node = { 'k3s.io/hostname': 'a', 'flannel.alpha.coreos.com/backend-type': 'vxlan' }

  test('Flannel is known by its mark on every node of k3s, and missed where nothing runs it', async () => {
    expect(await flannel.problems(k3s(node, node), 2)).toEqual([])
    expect(await flannel.problems(k3s(node, { 'k3s.io/hostname': 'b' }), 2)).toEqual([expect.stringContaining('runs on 1 of 2 nodes')])
    expect(await flannel.problems(k3s({ 'flannel.alpha.coreos.com/backend-type': 'vxlan' }), 1)).toEqual([expect.stringContaining('runs on 0 of 1 nodes')])
  })

  test('Cilium is put where k3s looks for it', () => {
    const parameters = { version: '1.19.7', podNetwork: '10.42.0.0/16', sysResource: true }
    expect(ciliumValues({ ...parameters, cniPaths: k3dBackend.cniPaths })).toMatchObject({
      cni: { binPath: '/var/lib/rancher/k3s/data/cni', confPath: '/var/lib/rancher/k3s/agent/etc/cni/net.d' },
    })
    expect(ciliumValues(parameters)).not.toHaveProperty('cni')
  })
})

describe('what k3d prints', () => {
  const log = [
    '\u001B[36mINFO\u001B[0m[0000] Creating node \'k3d-x-server-0\'      ',
    '\u001B[31mERRO\u001B[0m[0001] Failed Cluster Start: context deadline exceeded ',
    '\u001B[31mFATA\u001B[0m[0001] Cluster creation FAILED, rollback deactivated. ',
  ].join('\n')

  test('steps and errors, without their frame and their colours', () => {
    expect(messageOf(log.split('\n')[0]!)).toBe('Creating node \'k3d-x-server-0\'')
    expect(k3dErrors(log)).toEqual(['Failed Cluster Start: context deadline exceeded', 'Cluster creation FAILED, rollback deactivated.'])
  })

  test('anything else as it is', () => {
    expect(k3dErrors('panic: nil pointer\ngoroutine 1\n')).toEqual(['panic: nil pointer', 'goroutine 1'])
    expect(k3dErrors(log.split('\n')[0]!)).toEqual(['INFO[0000] Creating node \'k3d-x-server-0\'      '])
  })
})

describe('what a node printed', () => {
  test('the cause, from under the lines of k3d\'s entrypoint that repeat', () => {
    const noise = 'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?'
    const log = ['time="…" level=fatal msg="flag provided but not defined: --nonsense"', ...Array.from({ length: 300 }, () => noise)].join('\n')
    expect(tellingLines(log)).toEqual(['time="…" level=fatal msg="flag provided but not defined: --nonsense"'])
  })
})

describe('a node in which k3s ended', () => {
  const node = (processes: readonly string[], restarts = 0, running = true): NodeSeen => ({ container: 'n', running, restarts, processes })
  const entrypoint = '11 /bin/sh /bin/k3d-entrypoint.sh server --tls-san=127.0.0.1'
  const alive = node(['7 /sbin/docker-init -- /bin/k3d-entrypoint.sh server', entrypoint, '42 /bin/k3s server'])

  test.each([
    ['k3s itself', '42 k3s server', true],
    ['by its path', '42 /bin/k3s agent', true],
    ['the stand-in', '42 /bin/bash /bin/k3s server --tls-san 127.0.0.1', true],
    ['k3d\'s entrypoint', entrypoint, false],
    ['its helper', '44 kubectl uncordon k3d-x-server-0', false],
  ])('%s: %s', (_, args, expected) => {
    expect(runsK3s(node([args]))).toBe(expected)
  })

  test('is told when k3s was there and is gone, though the container runs on', () => {
    expect(ended([[alive], [node([entrypoint])]])?.container).toBe('n')
  })

  test('not before it has begun, not while it runs, not when somebody stopped the container', () => {
    expect(ended([[node([entrypoint])], [node([entrypoint])]])).toBeUndefined()
    expect(ended([[alive], [alive]])).toBeUndefined()
    expect(ended([[alive], [node([], 0, false)]])).toBeUndefined()
  })

  test('is told when k3s ended before anybody saw it', () => {
    const look = [node([entrypoint])]
    expect(ended(Array(15).fill(look))).toBeUndefined()
    expect(ended(Array(16).fill(look))?.container).toBe('n')
    expect(ended([...Array(16).fill([node([], 0, false)]), look])).toBeUndefined()
  })

  test('is told when Docker starts it over and over', () => {
    expect(ended([[], [node([], 2)]])).toBeUndefined()
    expect(ended([[], [node([], 3)]])?.container).toBe('n')
  })
})

test('images have host and path in a node, though Docker leaves them out', () => {
  expect(['busybox:1', 'proofbook/echo:1', 'quay.io/a/b:1', 'localhost:5000/x:1'].map(fullName)).toEqual(
    ['docker.io/library/busybox:1', 'docker.io/proofbook/echo:1', 'quay.io/a/b:1', 'localhost:5000/x:1'])
  expect(parseImages('{"images":[{"repoTags":["a:1","b:1"]},{"repoDigests":["c@sha256:0"]}]}')).toEqual(['a:1', 'b:1'])
})

describe('the stand-in for k3s', () => {
  /** Runs it under the name that it has in the image; without programs, so that it could not go far if it did not refuse. */
  const k3s = (...argv: string[]): { status: number | null, said: string } => {
    const { status, stdout, stderr } = spawnSync('/bin/bash', ['-c', asset('k3s-standin.sh'), 'k3s', ...argv], { encoding: 'utf8', env: { PATH: '/nowhere' } })
    return { status, said: stdout + stderr }
  }

  test('says in its version that it is one', () => {
    expect(k3s('--version').said).toMatch(/\+standin .*not k3s/)
  })

  test.each([
    ['an unknown flag', ['server', '--token=t', '--nonsense=1'], 'flag provided but not defined: --nonsense'],
    ['a flag without its value', ['server', '--token'], 'without a value: --token'],
    ['a backend of Flannel that it lacks', ['server', '--token=t', '--flannel-backend=wireguard-native'], 'not \'wireguard-native\''],
    ['a server without a token', ['server'], '--token is required'],
    ['an agent without a server', ['agent', '--token=t'], '--server is required'],
    ['a command that it lacks', ['etcd-snapshot'], 'no command \'etcd-snapshot\''],
  ])('refuses %s', (_, argv, message) => {
    const { status, said } = k3s(...argv)
    expect(said).toContain('level=fatal')
    expect(said).toContain(message)
    expect(status).toBe(1)
  })

  test('a manifest of the node image that has changed stops the build', () => {
    expect(edited('a: /opt/cni/bin', [['/opt/cni/bin', '/x']])).toBe('a: /x')
    expect(() => edited('a: b', [['/opt/cni/bin', '/x']])).toThrow('has no /opt/cni/bin')
  })
})
