import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evaluate } from '../../../src/policy/evaluate.ts'
import type { Labels, Pod, Policy, Rule, Selector, World } from '../../../src/policy/model.ts'

const pod = (namespace: string, name: string, labels: Labels = { app: name }): Pod => ({
  name, namespace, labels, address: `10.0.0.${name.length}`,
  ports: [{ name: 'http', port: 80, protocol: 'TCP' }, { port: 81, protocol: 'TCP' }, { name: 'http', port: 82, protocol: 'UDP' }],
})
const web = pod('shop', 'web')
const api = pod('shop', 'api')
const other = pod('far', 'web')
const policy = (spec: Partial<Policy['spec']>, namespace = 'shop'): Policy =>
  ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'p', namespace }, spec: { podSelector: {}, ...spec } })
const world = (...policies: Policy[]): World => ({ namespaces: new Map([['shop', { team: 'a' }], ['far', {}]]), policies })
const allowed = (policies: readonly Policy[], from: Pod = web, to: Pod = api, port = 80, protocol: 'TCP' | 'UDP' = 'TCP'): boolean =>
  evaluate(world(...policies), { from, to, port, protocol }).allowed
const from = (...rules: Rule[]): Policy => policy({ policyTypes: ['Ingress'], ingress: rules })
const to = (...rules: Rule[]): Policy => policy({ policyTypes: ['Egress'], egress: rules })

describe('what NetworkPolicy says', () => {
  test('without a policy everything is open; one that selects a pod closes it, in its direction only', () => {
    expect(allowed([])).toBe(true)
    expect(allowed([from()])).toBe(false)
    expect(allowed([to()])).toBe(false)
    expect(allowed([policy({ podSelector: { matchLabels: { app: 'api' } }, policyTypes: ['Egress'] })])).toBe(true)
    expect(allowed([policy({}, 'far')])).toBe(true)
    expect(allowed([policy({}, 'far')], other)).toBe(true)
    expect(allowed([policy({ policyTypes: ['Egress'] }, 'far')], other)).toBe(false)
  })

  test('policyTypes that are left out: Ingress, and Egress only with rules of it', () => {
    const select = { podSelector: { matchLabels: { app: 'web' } } }
    expect(allowed([policy({ ...select, ingress: [] })])).toBe(true)
    expect(allowed([policy({ ...select, egress: [] })])).toBe(true)
    expect(allowed([policy({ ...select, egress: [{ ports: [{ port: 9 }] }] })])).toBe(false)
    expect(allowed([policy({ ...select, egress: [{ ports: [{ port: 9 }] }] })], api, web)).toBe(false)
  })

  test('an empty rule allows everything, an empty list of rules nothing, empty peers and ports all', () => {
    expect(allowed([from({})])).toBe(true)
    expect(allowed([from({ from: [], ports: [] })])).toBe(true)
    expect(allowed([from()])).toBe(false)
  })

  test('a pod selector alone is of the policy\'s namespace; beside a namespace selector both must hold', () => {
    const app = { matchLabels: { app: 'web' } }
    expect(allowed([from({ from: [{ podSelector: app }] })])).toBe(true)
    expect(allowed([from({ from: [{ podSelector: app }] })], other)).toBe(false)
    expect(allowed([from({ from: [{ podSelector: app, namespaceSelector: {} }] })], other)).toBe(true)
    expect(allowed([from({ from: [{ podSelector: app, namespaceSelector: { matchLabels: { team: 'a' } } }] })], other)).toBe(false)
    expect(allowed([from({ from: [{ podSelector: app }, { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'far' } } }] })], other)).toBe(true)
  })

  test.each<[Selector, boolean]>([
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'x'] }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
    [{ matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['web'] }] }, true],
    [{ matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, false],
    [{ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, true],
    [{ matchLabels: { app: 'web', tier: 'x' } }, false],
    [{ matchLabels: { constructor: 'x' } }, false],
  ])('selector %j', (podSelector, expected) => {
    expect(allowed([from({ from: [{ podSelector }] })])).toBe(expected)
  })

  test('ports: TCP unless said, ranges, names at the receiver, a protocol without a port', () => {
    expect(allowed([from({ ports: [{ port: 80 }] })], web, api, 82, 'UDP')).toBe(false)
    expect(allowed([from({ ports: [{ port: 80, endPort: 81 }] })], web, api, 81)).toBe(true)
    expect(allowed([from({ ports: [{ port: 80, endPort: 81 }] })], web, api, 82)).toBe(false)
    expect(allowed([from({ ports: [{ port: 'http' }] })])).toBe(true)
    expect(allowed([from({ ports: [{ port: 'http' }] })], web, api, 81)).toBe(false)
    expect(allowed([from({ ports: [{ port: 'http', protocol: 'UDP' }] })], web, api, 82, 'UDP')).toBe(true)
    expect(allowed([to({ ports: [{ port: 'http' }] })])).toBe(true)
    expect(allowed([from({ ports: [{ protocol: 'UDP' }] })], web, api, 82, 'UDP')).toBe(true)
    expect(allowed([from({ ports: [{ protocol: 'UDP' }] })])).toBe(false)
  })

  test('ipBlock holds addresses of its network but the exceptions, and of its family only', () => {
    const out = { address: '10.9.0.7' }
    const egress = (cidr: string, except?: string[]): boolean =>
      evaluate(world(to({ to: [{ ipBlock: { cidr, ...except === undefined ? {} : { except } } }] })), { from: web, to: out, port: 80, protocol: 'TCP' }).allowed
    expect([egress('10.0.0.0/8'), egress('10.0.0.0/8', ['10.9.0.0/24']), egress('0.0.0.0/0'), egress('::/0'), egress('10.9.0.8/32')])
      .toEqual([true, false, true, false, false])
  })

  test('a pod always reaches itself', () => {
    expect(allowed([from(), to()], api, api)).toBe(true)
  })
})

describe('for any policies', () => {
  const label = fc.constantFrom('a', 'b')
  const selector: fc.Arbitrary<Selector> = fc.record({ matchLabels: fc.dictionary(fc.constantFrom('app', 'tier'), label, { maxKeys: 2 }) }, { requiredKeys: [] })
  const ports = fc.array(fc.record({ protocol: fc.constantFrom('TCP' as const, 'UDP' as const), port: fc.constantFrom(80, 81, 'http') }, { requiredKeys: [] }), { maxLength: 2 })
  const peers = fc.array(fc.oneof(fc.record({ podSelector: selector }), fc.record({ namespaceSelector: selector, podSelector: selector })), { maxLength: 2 })
  const spec = fc.record({
    podSelector: selector,
    policyTypes: fc.subarray(['Ingress', 'Egress'] as const),
    ingress: fc.array(fc.record({ from: peers, ports }, { requiredKeys: [] }), { maxLength: 2 }),
    egress: fc.array(fc.record({ to: peers, ports }, { requiredKeys: [] }), { maxLength: 2 }),
  })
  const policies = fc.array(fc.tuple(spec, fc.constantFrom('shop', 'far')).map(([one, namespace]) => policy(one, namespace)), { maxLength: 4 })
  const labels = fc.dictionary(fc.constantFrom('app', 'tier'), label)
  const pods = fc.tuple(labels, labels, fc.constantFrom('shop', 'far'), fc.constantFrom('shop', 'far'))
    .map(([one, two, here, there]): [Pod, Pod] => [pod(here, 'one', one), pod(there, 'two', two)])

  test('order says nothing', () => {
    fc.assert(fc.property(policies, pods, (all, [one, two]) => allowed(all, one, two) === allowed([...all].reverse(), one, two)))
  })

  test('one more rule never denies what was allowed', () => {
    fc.assert(fc.property(policies, pods, (all, [one, two]) => {
      const wider = all.map(one => ({ ...one, spec: { ...one.spec, ...one.spec.ingress && { ingress: [...one.spec.ingress, {}] } } }))
      return !allowed(all, one, two) || allowed(wider, one, two)
    }))
  })

  test('a policy of a namespace that has neither end says nothing', () => {
    fc.assert(fc.property(policies, spec, pods, (all, one, [from, to]) => allowed(all, from, to) === allowed([...all, policy(one, 'elsewhere')], from, to)))
  })

  test('a default-deny of both namespaces stops whatever no policy allows by a rule', () => {
    fc.assert(fc.property(pods, ([one, two]) => {
      const deny = ['shop', 'far'].map(namespace => policy({ policyTypes: ['Ingress', 'Egress'] }, namespace))
      return !allowed(deny, one, two) && allowed([...deny, ...['shop', 'far'].map(namespace => policy({ policyTypes: ['Ingress', 'Egress'], ingress: [{}], egress: [{}] }, namespace))], one, two)
    }))
  })
})
