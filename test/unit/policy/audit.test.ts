import { describe, expect, test } from 'vitest'
import { audit } from '../../../src/policy/audit/audit.ts'
import type { Finding } from '../../../src/policy/audit/model.ts'
import { objectsIn } from '../../../src/policy/audit/objects.ts'
import { rules, type RuleName } from '../../../src/policy/audit/rules.ts'
import { snapshotOf } from '../../../src/policy/audit/snapshot.ts'
import { auditText } from '../../../src/policy/audit/text.ts'

const pod = (name: string, ports = '[]', more = '', namespace = 'shop'): string => `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: ${namespace}, labels: { app: ${name} } }
spec: { ${more}containers: [{ name: c, image: x, ports: ${ports} }] }
---
`
const SHOP = pod('api', '[{ name: http, containerPort: 8080 }]') + pod('web') + pod('guest', '[]', '', 'far')
  + `apiVersion: v1
kind: Service
metadata: { name: api, namespace: shop }
spec: { selector: { app: api }, ports: [{ port: 80, targetPort: 8080 }] }
---
`
const policy = (spec: string, name = 'p', namespace = 'shop'): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec:\n${spec.replaceAll(/^/gm, '  ')}\n---\n`
/** Everything but what is being tested is closed, in both directions, and may ask DNS. */
const CLOSED = policy('podSelector: {}\npolicyTypes: [Ingress, Egress]\negress: [{ ports: [{ port: 53, protocol: UDP }] }]', 'closed')
  + policy('podSelector: {}\npolicyTypes: [Ingress, Egress]\negress: [{ ports: [{ port: 53, protocol: UDP }] }]', 'closed', 'far')
const api = 'podSelector: { matchLabels: { app: api } }\n'

const findingsOf = (source: string, whole = true, podRanges: string[] = ['10.42.0.0/16']): Finding[] =>
  audit(snapshotOf(objectsIn('a.yaml', source), { whole, podRanges }))
const found = (source: string, rule: RuleName, whole = true): Finding[] => findingsOf(source, whole).filter(one => one.rule === rule)

/** For each rule: what it finds with its line within the policy's text, and the nearest thing that it must not find. */
const cases: readonly [rule: RuleName, wrong: string, line: string, right: string][] = [
  ['selects-nothing', policy('podSelector: { matchLabels: { app: apis } }\npolicyTypes: [Ingress]'), 'podSelector: { matchLabels: { app: apis } }', policy(`${api}policyTypes: [Ingress]`)],
  ['ignored-rules', policy(`${api}policyTypes: [Ingress]\negress: [{ ports: [{ port: 80 }] }]`), 'egress:', policy(`${api}policyTypes: [Ingress, Egress]\negress: [{ ports: [{ port: 80 }] }]`)],
  ['ignored-rules', policy(`${api}egress: []`), 'egress: []', policy(`${api}policyTypes: [Egress]\negress: []`)],
  ['empty-list', policy(`${api}policyTypes: [Ingress]\ningress:\n  - from: []`), 'from: []', policy(`${api}policyTypes: [Ingress]\ningress: []`)],
  ['empty-list', policy(`${api}policyTypes: [Ingress]\ningress:\n  - from: [{ podSelector: {} }]\n    ports: []`), 'ports: []', policy(`${api}policyTypes: [Ingress]\ningress:\n  - from: [{ podSelector: {} }]`)],
  ['undoes-others', CLOSED + policy(`${api}policyTypes: [Ingress]\ningress:\n  - {}`), '- {}', policy(`${api}policyTypes: [Ingress]\ningress:\n  - {}`)],
  ['undoes-others', policy(`${api}policyTypes: [Ingress]\ningress:\n  - ports: [{ port: 8080 }]\n  - {}`), '- {}', policy(`${api}policyTypes: [Ingress]\ningress:\n  - ports: [{ port: 8080 }]`)],
  ['allows-all', policy(`${api}policyTypes: [Ingress]\ningress:\n  - {}`), '- {}', policy(`${api}policyTypes: [Ingress]\ningress:\n  - ports: [{ port: 8080 }]`)],
  ['every-namespace', policy(`${api}policyTypes: [Ingress]\ningress:\n  - from:\n      - namespaceSelector: {}`), 'namespaceSelector: {}', policy(`${api}policyTypes: [Ingress]\ningress:\n  - from:\n      - namespaceSelector: {}\n        podSelector: { matchLabels: { app: guest } }`)],
  ['two-items', policy(`${api}policyTypes: [Ingress]\ningress:\n  - from:\n      - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: far } }\n      - podSelector: { matchLabels: { app: guest } }`), '- podSelector',
    policy(`${api}policyTypes: [Ingress]\ningress:\n  - from:\n      - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: far } }\n        podSelector: { matchLabels: { app: guest } }`)],
  ['no-such-port', policy(`${api}policyTypes: [Ingress]\ningress:\n  - ports: [{ port: htpp }]`), 'htpp', policy(`${api}policyTypes: [Ingress]\ningress:\n  - ports: [{ port: http }]`)],
  ['no-such-port', policy(`${api}policyTypes: [Ingress]\ningress:\n  - ports: [{ port: http, protocol: UDP }]`), 'http', policy(`${api}policyTypes: [Ingress]\ningress:\n  - ports: [{ port: http, protocol: TCP }]`)],
  ['port-of-the-service', policy(`${api}policyTypes: [Ingress]\ningress:\n  - ports: [{ port: 80 }]`), '80', policy(`${api}policyTypes: [Ingress]\ningress:\n  - ports: [{ port: 8080 }]`)],
  ['port-of-the-service', policy('podSelector: { matchLabels: { app: web } }\npolicyTypes: [Egress]\negress:\n  - to: [{ podSelector: { matchLabels: { app: api } } }]\n    ports: [{ port: 80 }]'), 'ports: [{ port: 80',
    policy('podSelector: { matchLabels: { app: web } }\npolicyTypes: [Egress]\negress:\n  - to: [{ ipBlock: { cidr: 192.168.0.0/24 } }]\n    ports: [{ port: 80 }]')],
  ['port-not-declared', policy(`${api}policyTypes: [Ingress]\ningress:\n  - ports: [{ port: 9 }]`), 'port: 9', policy(`${api}policyTypes: [Ingress]\ningress:\n  - ports: [{ port: 8000, endPort: 8100 }]`)],
  ['half-open', CLOSED + policy(`${api}policyTypes: [Ingress]\ningress:\n  - from: [{ podSelector: { matchLabels: { app: web } } }]`), 'from:',
    CLOSED + policy(`${api}policyTypes: [Ingress]\ningress:\n  - from: [{ podSelector: { matchLabels: { app: web } } }]`) + policy('podSelector: { matchLabels: { app: web } }\npolicyTypes: [Egress]\negress: [{ to: [{ podSelector: { matchLabels: { app: api } } }] }]', 'q')],
  ['half-open', CLOSED + policy('podSelector: { matchLabels: { app: web } }\npolicyTypes: [Egress]\negress:\n  - to: [{ podSelector: { matchLabels: { app: api } } }]'), 'to:',
    policy('podSelector: { matchLabels: { app: web } }\npolicyTypes: [Egress]\negress:\n  - to: [{ podSelector: { matchLabels: { app: api } } }]')],
  ['peer-nobody', policy(`${api}policyTypes: [Ingress]\ningress:\n  - from:\n      - podSelector: { matchLabels: { app: wbe } }`), 'wbe', policy(`${api}policyTypes: [Ingress]\ningress:\n  - from:\n      - podSelector: { matchLabels: { app: web } }`)],
  ['block-of-pods', policy(`${api}policyTypes: [Ingress]\ningress:\n  - from: [{ ipBlock: { cidr: 10.42.1.7/32 } }]`), '10.42.1.7/32', policy(`${api}policyTypes: [Ingress]\ningress:\n  - from: [{ ipBlock: { cidr: 192.168.0.7/32 } }]`)],
  ['block-covers-pods', policy(`${api}policyTypes: [Ingress]\ningress:\n  - from: [{ ipBlock: { cidr: 0.0.0.0/0 } }]`), '0.0.0.0/0', policy(`${api}policyTypes: [Ingress]\ningress:\n  - from: [{ ipBlock: { cidr: 0.0.0.0/0, except: [10.0.0.0/8] } }]`)],
  ['types-left-out', policy(api.trim()), 'podSelector', CLOSED + policy(api.trim())],
  ['ingress-only-deny', policy('podSelector: {}\npolicyTypes: [Ingress]'), 'policyTypes', CLOSED + policy('podSelector: {}\npolicyTypes: [Ingress]')],
  ['no-dns', policy(`${api}policyTypes: [Egress]`), 'policyTypes', policy(`${api}policyTypes: [Egress]\negress: [{ ports: [{ port: 50, endPort: 60, protocol: UDP }] }]`)],
  ['unselected', policy(`${api}policyTypes: [Ingress]`), 'name: web', CLOSED],
  ['open-namespace', policy(`${api}policyTypes: [Ingress]`), 'name: guest', CLOSED],
  ['not-read', CLOSED + 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: c, namespace: shop }\nspec: { endpointSelector: {} }\n', 'name: c', CLOSED],
  ['host-network', CLOSED + pod('agent', '[]', 'hostNetwork: true, '), 'name: agent', CLOSED + pod('agent')],
]

describe('each rule finds what it is for, at its line, and not what is right', () => {
  test.each(cases)('%s', (rule, wrong, line, right) => {
    const [finding] = found(SHOP + wrong, rule)
    expect(finding, `${rule} finds it`).toBeDefined()
    expect(finding!.text).toContain(line)
    expect((SHOP + wrong).split('\n')[finding!.position.line - 1]).toBe(finding!.text)
    expect(finding!.severity).toBe(rules[rule].severity)
    expect(found(SHOP + right, rule)).toEqual([])
  })

  test('all of them have a case', () => {
    expect(Object.keys(rules).filter(rule => rule !== 'nothing-known' && !cases.some(([name]) => name === rule))).toEqual([])
  })

  test('what is right gives nothing at all', () => {
    expect(findingsOf(SHOP + CLOSED + policy(`${api}policyTypes: [Ingress]\ningress: [{ from: [{ podSelector: { matchLabels: { app: web } } }], ports: [{ port: http }] }]`)
      + policy('podSelector: { matchLabels: { app: web } }\npolicyTypes: [Egress]\negress: [{ to: [{ podSelector: { matchLabels: { app: api } } }], ports: [{ port: 8080 }] }]', 'q'))).toEqual([])
  })
})

describe('policies of another API', () => {
  const cilium = (spec: string, kind = 'CiliumNetworkPolicy'): string => `apiVersion: cilium.io/v2\nkind: ${kind}\nmetadata: { name: c, namespace: shop }\nspec: { ${spec} }\n---\n`
  const rulesOf = (source: string): string[] => findingsOf(SHOP + source).map(({ rule, object }) => `${rule} ${object}`)
  const one = policy(`${api}policyTypes: [Ingress]`)

  test('select pods, so that these are not called open; others are', () => {
    expect(rulesOf(one)).toContain('unselected pod web')
    expect(rulesOf(one + cilium('endpointSelector: { matchLabels: { k8s:app: web } }'))).not.toContain('unselected pod web')
    expect(rulesOf(one + cilium('endpointSelector: { matchLabels: { any:app: other } }'))).toContain('unselected pod web')
    expect(rulesOf(one + cilium('nodeSelector: {}', 'CiliumClusterwideNetworkPolicy'))).toContain('unselected pod web')
    expect(rulesOf(cilium('endpointSelector: {}', 'CiliumClusterwideNetworkPolicy')).filter(rule => rule.startsWith('open-namespace'))).toEqual([])
  })

  test('may allow what looks half open', () => {
    const half = CLOSED + policy(`${api}policyTypes: [Ingress]\ningress: [{ from: [{ podSelector: { matchLabels: { app: web } } }] }]`)
    expect(rulesOf(half)).toEqual(['half-open networkpolicy p'])
    expect(rulesOf(half + cilium('endpointSelector: { matchLabels: { app: web } }'))).toEqual(['not-read CiliumNetworkPolicy c'])
  })

  test('of Calico have the same kind as Kubernetes\' own, and are not read as such', () => {
    expect(rulesOf(CLOSED + policy('selector: app == "x"').replace('networking.k8s.io/v1', 'crd.projectcalico.org/v1'))).toEqual(['not-read NetworkPolicy p'])
  })
})

describe('files, which may leave things out', () => {
  test('say nothing of pods that they do not hold', () => {
    const source = policy(`${api}policyTypes: [Ingress]\ningress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: elsewhere } } }] }]`)
    expect(findingsOf(source, false).map(({ rule, severity }) => [rule, severity])).toEqual([['nothing-known', 'note']])
    expect(findingsOf(source, true).map(({ rule, severity }) => [rule, severity])).toEqual([['selects-nothing', 'warning'], ['peer-nobody', 'warning']])
  })

  test('templates of workloads are pods, and lists are taken apart', () => {
    const source = `apiVersion: v1
kind: List
items:
  - apiVersion: batch/v1
    kind: CronJob
    metadata: { name: report, namespace: shop }
    spec: { jobTemplate: { spec: { template: { metadata: { labels: { app: report } }, spec: { containers: [] } } } } }
  - apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: { name: p, namespace: shop, uid: 1 }
    spec: { podSelector: { matchLabels: { app: reports } }, policyTypes: [Ingress] }
`
    expect(findingsOf(source, false).map(({ rule, position }) => `${rule}:${position.line}`)).toEqual(['selects-nothing:11', 'unselected:7'])
  })

  test('a policy with an unknown field is refused with its line, also in a list; other objects may hold anything', () => {
    expect(() => objectsIn('a.yaml', policy('podSelectors: {}'))).toThrow('a.yaml:5:3  unknown key "podSelectors" in spec. Did you mean "podSelector"?')
    expect(() => objectsIn('a.yaml', 'kind: List\nitems:\n  - kind: NetworkPolicy\n    apiVersion: networking.k8s.io/v1\n    metadata: {}\n    spec: { podSelector: {}, policytypes: [] }\n')).toThrow('a.yaml:6:30')
    expect(objectsIn('a.yaml', '# nothing\n---\n')).toEqual([])
    expect(objectsIn('a.yaml', 'image: { tag: x }\n')).toHaveLength(1)
    expect(() => objectsIn('a.yaml', 'a: [')).toThrow('no valid YAML')
  })
})

test('the text has the line, a caret under the part, and each meaning once', () => {
  const source = SHOP + CLOSED + policy('podSelector: { matchLabels: { app: apis } }\npolicyTypes: [Ingress]') + policy('podSelector: { matchLabels: { app: x } }\npolicyTypes: [Ingress]', 'q')
  const snapshot = snapshotOf(objectsIn('a.yaml', source), { whole: true })
  const text = auditText(audit(snapshot), snapshot)
  expect(text).toContain('error selects-nothing: networkpolicy p: selects none of the pods of namespace shop')
  expect(text).toMatch(/\d+ \| {3}podSelector: \{ matchLabels: \{ app: apis \} \}\n +\| {16}\^{30}\n/)
  expect(text.split('selects-nothing: the policy is about no pod')).toHaveLength(2)
  expect(text).toMatch(/4 policies, 3 pods, 2 namespaces: 2 errors, 0 warnings, 0 notes$/)
})
