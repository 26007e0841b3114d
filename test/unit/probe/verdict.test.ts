import { describe, expect, test } from 'vitest'
import { placesOf } from '../../../src/probe/bench.ts'
import { verdictOf, type EnforcementName } from '../../../src/probe/enforcement.ts'
import { parseNodes } from '../../../src/probe/nodes.ts'
import { problemsOf, type ProbeResult } from '../../../src/probe/result.ts'

const flow = (name: EnforcementName, ok: boolean, to = 'n2'): ProbeResult<EnforcementName> => ({ name, from: 'n1', to, ok, ms: 0, detail: '' })
const measured = (before: boolean, denied: readonly boolean[], control: boolean, after: boolean): ProbeResult<EnforcementName>[] =>
  [flow('before', before), ...denied.map((ok, index) => flow('denied', ok, `n${index}`)), flow('not-named', control), flow('after', after)]

describe('NetworkPolicy is', () => {
  test.each<[verdict: string, before: boolean, denied: boolean[], control: boolean, after: boolean, why: RegExp]>([
    ['enforced', true, [true, true], true, true, /stopped all of 2 flows/],
    ['not-enforced', true, [false, false], true, true, /all of 2 flows went on/],
    ['unclear', true, [true, false], true, true, /stopped 1 of 2 flows; not n1 -> n1/],
    ['unclear', false, [], true, true, /even without a policy/],
    ['unclear', true, [true, true], false, true, /does not name broke at the same time/],
    ['unclear', true, [true, true], true, false, /did not come back/],
  ])('%s', (verdict, before, denied, control, after, why) => {
    expect(verdictOf(measured(before, denied, control, after))).toEqual({ verdict, why: expect.stringMatching(why) })
  })
})

test('problems are what failed, not what could not be asked', () => {
  expect(problemsOf([
    { name: 'mtu', from: 'a', to: 'b', ok: true, ms: 1, detail: '1450 bytes' },
    { name: 'mtu-exceeded', from: 'a', to: 'b', ok: null, ms: 1, detail: 'no ping' },
    { name: 'dns-name', from: 'a', to: '', ok: false, ms: 1, detail: 'received no address' },
    { name: 'pod-to-pod', from: 'a', to: 'b', ok: false, ms: 1, detail: 'no answer in 2 s' },
  ])).toEqual(['dns-name: a: received no address', 'pod-to-pod: a -> b: no answer in 2 s'])
})

describe('a node', () => {
  const node = (name: string, ready: string, os = 'linux'): object => ({
    metadata: { name, labels: { 'kubernetes.io/os': os } },
    status: { addresses: [{ type: 'Hostname', address: name }, { type: 'InternalIP', address: '10.0.0.1' }], conditions: [{ type: 'Ready', status: ready }] },
  })
  const pod = (name: string, ready: string, waiting?: object): object => ({
    kind: 'Pod', metadata: { name }, spec: {},
    status: { podIP: `ip-${name}`, conditions: [{ type: 'Ready', status: ready }], containerStatuses: [{ state: { waiting } }] },
  })
  const service = (name: string): object => ({ kind: 'Service', metadata: { name }, spec: { clusterIP: 'vip', ports: [{ nodePort: 30001 }] } })
  const nodes = parseNodes(JSON.stringify({ items: [node('n1', 'True'), node('n2', 'Unknown'), node('n3', 'True'), node('win', 'True', 'windows')] }))

  test('is there with its address unless it runs Windows', () => {
    expect(nodes.map(({ name, address, ready }) => [name, address, ready])).toEqual([
      ['n1', '10.0.0.1', true], ['n2', '10.0.0.1', false], ['n3', '10.0.0.1', true],
    ])
  })

  test('takes part when its pods run, and else is named with the reason', () => {
    const items = [
      pod('client-0', 'True'), pod('server-0', 'True'), service('server-0'),
      pod('client-1', 'True'), pod('server-1', 'False', { reason: 'ImagePullBackOff', message: 'no such host' }), service('server-1'),
    ]
    const { places, absent } = placesOf(nodes, JSON.stringify({ items }), false)
    expect(places).toEqual([{
      node: nodes[0], index: 0, client: 'ip-client-0', server: 'ip-server-0', service: { name: 'server-0', address: 'vip', nodePort: 30001 },
    }])
    expect([...absent]).toEqual([['n2', 'is not Ready'], ['n3', 'pod server-1 does not run: ImagePullBackOff: no such host']])
  })
})
