import { describe, expect, test, vi } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { earlyAnew, withoutPause } from '../../../src/lab/cluster/anew.ts'
import { kindConfig } from '../../../src/lab/cluster/kind-config.ts'
import { askDnsOften } from '../../../src/lab/cluster/settle.ts'
import { flannel } from '../../../src/lab/cni/flannel.ts'
import { manifest } from '../../../src/lab/workloads/manifests.ts'
import { applyWorkloads } from '../../../src/lab/workloads/workloads.ts'

describe('kind is told', () => {
  const config = parse(kindConfig({
    name: 'proofbook-x', servers: ['/p/s1', '/p/s2', '/p/s3'], agents: 0, defaultCni: true, certSANs: ['192.168.0.51'],
  }))

  test('one control plane and two workers, so that it makes no load balancer of its own', () => {
    expect(config.nodes.map((node: { role: string }) => node.role)).toEqual(['control-plane', 'worker', 'worker'])
  })

  test('that the workers join as control planes, with the authorities of the first', () => {
    const [first, ...others] = config.nodes
    expect(first.kubeadmConfigPatches).toBeUndefined()
    for (const { kubeadmConfigPatches: [patch] } of others) {
      expect(parse(patch)).toEqual({ kind: 'JoinConfiguration', controlPlane: { localAPIEndpoint: { bindPort: 6443 } } })
    }
    expect(config.nodes.map((node: { extraMounts: object[] }) => node.extraMounts)).toEqual(
      ['/p/s1', '/p/s2', '/p/s3'].map(hostPath => [{ hostPath, containerPath: '/etc/kubernetes/pki' }]))
  })

  test('names for the certificate, kind\'s own among them, not the load balancer\'s', () => {
    const [patch] = config.kubeadmConfigPatches
    expect(parse(patch).apiServer.certSANs).toEqual(['localhost', '127.0.0.1', '192.168.0.51'])
  })

  test('that etcd need not wait for the disk', () => {
    const [patch] = config.kubeadmConfigPatches
    expect(parse(patch).etcd.local.extraArgs).toEqual([{ name: 'unsafe-no-fsync', value: 'true' }])
  })

  test('that controllers start without waiting for each other, with the argument that is kind\'s own', () => {
    const { controllerManager, scheduler } = parse(config.kubeadmConfigPatches[0])
    const names = (args: { name: string }[]): string[] => args.map(({ name }) => name)
    expect(names(controllerManager.extraArgs)).toEqual(['enable-hostpath-provisioner', 'leader-elect-retry-period', 'kube-api-qps', 'kube-api-burst'])
    expect(names(scheduler.extraArgs)).toEqual(['leader-elect-retry-period'])
  })

  test('of agents, that join as what they are, and of a network of its own only where it is to bring one', () => {
    const one = parse(kindConfig({ name: 'proofbook-x', servers: [undefined], agents: 2, defaultCni: false, certSANs: [] }))
    expect(one.nodes).toEqual([{ role: 'control-plane' }, { role: 'worker' }, { role: 'worker' }])
    expect(one.networking).toEqual({ disableDefaultCNI: true })
    expect(config.networking).toBeUndefined()
  })
})

describe('what is changed of kubeadm\'s', () => {
  test('CoreDNS is made anew with its probe every 2 s and all else as it was', async () => {
    const spec = (readinessProbe: object) => ({ replicas: 2, template: { spec: { containers: [{ name: 'coredns', readinessProbe }] } } })
    const found = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'coredns', namespace: 'kube-system', labels: { a: 'b' }, uid: 'x', resourceVersion: '1' }, spec: spec({ httpGet: { path: '/ready' } }), status: { replicas: 2 } }
    let put: unknown
    await askDnsOften(async (args, options) => {
      if (args.includes('get')) return JSON.stringify(found)
      put = JSON.parse(options?.input ?? '')
      return ''
    })
    expect(put).toEqual({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'coredns', namespace: 'kube-system', labels: { a: 'b' } }, spec: spec({ httpGet: { path: '/ready' }, periodSeconds: 2 }) })
  })
})

describe('pods that wait for their next try', () => {
  const pod = (name: string, spec: object, status: object) => ({ metadata: { namespace: 'n', name }, spec, status })
  const waits = (reason: string) => ({ containerStatuses: [{ state: { waiting: { reason } } }] })
  const cluster = (...items: object[]) => {
    const deleted: string[] = []
    const kubectl = async (args: readonly string[]): Promise<string> => {
      if (args.includes('delete')) deleted.push(args[args.indexOf('pod') + 1]!)
      return JSON.stringify({ items })
    }
    return { kubectl, deleted }
  }

  test('came before their network or found no node: started anew, and no other', async () => {
    const { kubectl, deleted } = cluster(
      pod('no-node', {}, {}),
      pod('no-sandbox', { nodeName: 'a' }, { conditions: [{ type: 'PodReadyToStartContainers', status: 'False' }] }),
      pod('starting', { nodeName: 'a' }, { conditions: [{ type: 'PodReadyToStartContainers', status: 'True' }] }),
      pod('on-the-host', { hostNetwork: true }, {}),
    )
    await earlyAnew(kubectl)
    expect(deleted).toEqual(['no-node', 'no-sandbox'])
  })

  test('failed again and again: started anew while there is a problem, after the first moments', async () => {
    vi.useFakeTimers()
    try {
      const { kubectl, deleted } = cluster(pod('flannel', { hostNetwork: true }, waits('CrashLoopBackOff')), pod('other', {}, waits('ContainerCreating')))
      let problems = ['flannel']
      const check = withoutPause(kubectl, async () => problems)
      expect(await check()).toEqual(['flannel'])
      expect(deleted).toEqual([])
      vi.advanceTimersByTime(2_000)
      expect(await check()).toEqual(['flannel'])
      expect(deleted).toEqual(['flannel'])
      problems = []
      expect(await check()).toEqual([])
      expect(deleted).toEqual(['flannel'])
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('Flannel works', () => {
  const node = (name: string, ...conditions: object[]) => ({ kind: 'Node', metadata: { name }, spec: {}, status: { conditions } })
  const up = { type: 'NetworkUnavailable', status: 'False' }
  const daemonSet = (ready: number) => ({ kind: 'DaemonSet', metadata: { name: 'kube-flannel-ds', generation: 1 }, spec: {}, status: { observedGeneration: 1, updatedNumberScheduled: 2, numberReady: ready } })
  const problems = (...items: object[]): Promise<string[]> => flannel.problems(async () => JSON.stringify({ items }), 2)

  test('when its pods are ready and each node says that it has a network', async () => {
    expect(await problems(daemonSet(2), node('a', up), node('b', up))).toEqual([])
    expect(await problems(daemonSet(1), node('a', up), node('b', up))).toEqual(['DaemonSet kube-flannel-ds: 1 of 2 pods ready'])
    expect(await problems(daemonSet(2), node('a', up), node('b', { ...up, status: 'True' }))).toEqual(['flannel: node b has no network yet'])
    expect(await problems(daemonSet(2), node('a', up), node('b'))).toEqual(['flannel: node b has no network yet'])
  })
})

describe('manifests', () => {
  test('values are filled in and the rest is left alone', () => {
    const documents = parseAllDocuments(manifest('traefik', { TRAEFIK_IMAGE: 'docker.io/library/traefik:v1.2.3' })).map(d => d.toJSON())
    const daemonSet = documents.find(({ kind }) => kind === 'DaemonSet')
    expect(daemonSet.spec.template.spec.containers[0].image).toBe('docker.io/library/traefik:v1.2.3')
    const service = documents.find(({ kind }) => kind === 'Service')
    expect(service.spec.externalTrafficPolicy).toBe('Local')
    expect(service.spec.ports.map((port: { nodePort: number }) => port.nodePort)).toEqual([30080, 30443, 30808])
  })

  test('a missing value is an error, not an empty image', () => {
    expect(() => manifest('echo', { ECHO_REPLICAS: '3', TLS_CRT: 'a', TLS_KEY: 'b' })).toThrow(/no value for \$\{ECHO_IMAGE\}/)
  })

  test.each([[1, 1], [2, 2], [3, 3], [5, 3]])('of the application ask, of %i nodes, for %i pods on as many of them', async (nodes, pods) => {
    let applied = ''
    const kubectl = async (_: readonly string[], options?: { readonly input?: string }): Promise<string> => applied = options?.input ?? ''
    await applyWorkloads(kubectl, { traefik: 'traefik', echo: 'echo' }, { authority: '', certificate: 'a', key: 'b' }, nodes)
    const echo = parseAllDocuments(applied).map(document => document.toJSON()).find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'echo')
    expect(echo.spec.replicas).toBe(pods)
    expect(echo.spec.template.spec.topologySpreadConstraints).toMatchObject([{ minDomains: pods, whenUnsatisfiable: 'DoNotSchedule' }])
  })
})
