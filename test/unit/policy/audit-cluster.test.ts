import { describe, expect, test } from 'vitest'
import { audit } from '../../../src/policy/audit/audit.ts'
import { itemsOf, readCluster } from '../../../src/policy/audit/cluster.ts'
import { snapshotOf } from '../../../src/policy/audit/snapshot.ts'
import type { Kubectl } from '../../../src/probe/kubectl.ts'

/** As kubectl 1.36 prints it. */
const LIST = `apiVersion: v1
items:
- apiVersion: networking.k8s.io/v1
  kind: NetworkPolicy
  metadata:
    annotations:
      note: |
        - apiVersion: no/item
        kind: List
    creationTimestamp: "2026-11-21T10:00:00Z"
    generation: 1
    name: api
    namespace: shop
    resourceVersion: "7"
    uid: 0b9f
  spec:
    podSelector:
      matchLabels:
        app: apis
    policyTypes:
    - Ingress
- apiVersion: v1
  kind: Pod
  metadata:
    labels:
      app: api
    name: "1"
    namespace: shop
  spec:
    containers:
    - name: c
kind: List
metadata:
  resourceVersion: ""
`
const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'api', namespace: 'shop' }, spec: { podSelector: { matchLabels: { app: 'apis' } }, policyTypes: ['Ingress'] } }
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: '1', namespace: 'shop', labels: { app: 'api' } }, spec: { containers: [{ name: 'c' }] } }
const node = { kind: 'Node', metadata: { name: 'n' }, spec: { podCIDRs: ['10.244.0.0/24'] } }

const cluster: Kubectl = async ([verb, what], ..._) => {
  if (verb === 'api-resources') return 'pods\nciliumnetworkpolicies.cilium.io\n'
  if (what!.startsWith('namespaces')) return JSON.stringify({ items: [node, { kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'a' } } }] })
  return what!.includes('services') ? JSON.stringify({ items: [policy, pod] }) : LIST
}

describe('a cluster', () => {
  test('is read once, and a finding names the line that kubectl prints for that object alone', async () => {
    const [asked, of]: [string[], string[]] = [[], []]
    const found = await readCluster((args, options) => {
      asked.push(args[0]!)
      of.push(args[1]!)
      return cluster(args, options)
    })
    expect(new Set(asked)).toEqual(new Set(['api-resources', 'get']))
    expect(of.filter(what => what.includes('ciliumnetworkpolicies.cilium.io'))).toHaveLength(2)
    expect(of.join()).not.toContain('clusterwide')
    const snapshot = snapshotOf(found, { whole: true })
    expect(snapshot.podRanges).toEqual(['10.244.0.0/24'])
    expect(snapshot.namespaces.get('shop')).toEqual({ team: 'a' })
    expect(audit(snapshot).map(({ rule, path, position, text }) => [rule, `${path}:${position.line}`, text])).toEqual([
      ['selects-nothing', 'shop/networkpolicy/api:16', '    matchLabels:'],
      ['unselected', 'shop/pod/1:5', '    app: api'],
    ])
  })

  test('takes lists apart as they were printed, whatever is in a block of text', () => {
    expect([...itemsOf(LIST).keys()]).toEqual(['NetworkPolicy shop api', 'Pod shop 1'])
    expect(itemsOf(LIST).get('NetworkPolicy shop api')).toContain('    note: |\n      - apiVersion: no/item\n      kind: List\n')
    expect([...itemsOf('apiVersion: v1\nitems: []\nkind: List\n').keys()]).toEqual([])
  })

  test('that does not let itself be read is told with what to try', async () => {
    await expect(readCluster(async () => { throw new Error('kubectl get: exit 1\nError from server (Forbidden): pods is forbidden') }))
      .rejects.toThrow(/the cluster cannot be read: Error from server \(Forbidden\): pods is forbidden\n.*Try: kubectl auth can-i list/)
  })
})
