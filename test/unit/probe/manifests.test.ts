import { describe, expect, test } from 'vitest'
import { denyServers, LABEL, manifestsOf, namespaceName } from '../../../src/probe/manifests.ts'

interface Made {
  readonly kind: string
  readonly metadata: { readonly name: string, readonly namespace?: string, readonly labels: Readonly<Record<string, string>> }
  readonly spec: {
    readonly nodeName?: string
    readonly hostNetwork?: boolean
    readonly type?: string
    readonly selector?: Readonly<Record<string, string>>
    readonly activeDeadlineSeconds?: number
    readonly containers: readonly { readonly args: readonly string[], readonly ports?: readonly unknown[] }[]
  }
}

const made = (onNodes: boolean): Made[] => manifestsOf({ id: 'abc', image: 'i', nodes: ['n1', 'n2'], onNodes }) as Made[]
const pods = (onNodes: boolean): Made[] => made(onNodes).filter(({ kind }) => kind === 'Pod')

describe('the objects of a probe', () => {
  test('all have our label, and all but the namespace are in it', () => {
    for (const { kind, metadata } of [...made(true), denyServers('abc') as Made]) {
      expect(metadata.labels[LABEL]).toBe('abc')
      if (kind !== 'Namespace') expect(metadata.namespace).toBe(namespaceName('abc'))
    }
  })

  test('each node has a client and a server, and one in its own network where asked for', () => {
    expect(pods(false).map(({ metadata, spec }) => [metadata.name, spec.nodeName])).toEqual([
      ['client-0', 'n1'], ['server-0', 'n1'], ['client-1', 'n2'], ['server-1', 'n2'],
    ])
    expect(pods(true).filter(({ spec }) => spec.hostNetwork).map(({ metadata }) => metadata.name)).toEqual(['node-0', 'node-1'])
  })

  test('Pod Security is loosened only for pods in the network of nodes, and NodePorts are opened only then', () => {
    const level = (onNodes: boolean): string | undefined => made(onNodes)[0]?.metadata.labels['pod-security.kubernetes.io/enforce']
    expect([level(false), level(true)]).toEqual(['restricted', 'privileged'])
    const types = (onNodes: boolean): (string | undefined)[] => made(onNodes).filter(({ kind }) => kind === 'Service').map(({ spec }) => spec.type)
    expect([types(false), types(true)]).toEqual([['ClusterIP', 'ClusterIP'], ['NodePort', 'NodePort']])
  })

  test('no pod gives a shell to who reaches it, and none outlives a killed process for long', () => {
    for (const { spec } of pods(true)) {
      expect(['serve-hostname', 'pause']).toContain(spec.containers[0]?.args[0])
      expect(spec.activeDeadlineSeconds).toBe(900)
    }
  })

  test('a Service has one pod, that of its node', () => {
    const service = made(true).find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'server-1')
    const chosen = pods(true).filter(({ metadata: { labels } }) =>
      Object.entries(service?.spec.selector ?? {}).every(([key, value]) => labels[key] === value))
    expect(chosen.map(({ metadata }) => metadata.name)).toEqual(['server-1'])
  })
})
