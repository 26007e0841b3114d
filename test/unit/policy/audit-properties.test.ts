/** What an audit calls without effect has none: the reference evaluator says the same of every flow without it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { audit } from '../../../src/policy/audit/audit.ts'
import type { Finding, Snapshot } from '../../../src/policy/audit/model.ts'
import { objectsIn } from '../../../src/policy/audit/objects.ts'
import type { RuleName } from '../../../src/policy/audit/rules.ts'
import { snapshotOf } from '../../../src/policy/audit/snapshot.ts'
import { evaluate } from '../../../src/policy/evaluate.ts'
import type { Policy } from '../../../src/policy/model.ts'

const app = fc.constantFrom('a', 'b', 'c')
const namespace = fc.constantFrom('x', 'y')
const selector = fc.oneof(fc.constant({}), app.map(name => ({ matchLabels: { app: name } })))
const namespaces = fc.oneof(fc.constant({}), namespace.map(name => ({ matchLabels: { 'kubernetes.io/metadata.name': name } })))
const peer = fc.oneof(
  selector.map(podSelector => ({ podSelector })), namespaces.map(namespaceSelector => ({ namespaceSelector })),
  fc.record({ podSelector: selector, namespaceSelector: namespaces }),
)
const port = fc.constantFrom({ port: 80 }, { port: 81 }, { port: 'http' }, { port: 'none' }, { port: 53, protocol: 'UDP' }, { port: 80, endPort: 90 })
const rule = (key: 'from' | 'to') => fc.record({ [key]: fc.array(peer, { maxLength: 2 }), ports: fc.array(port, { maxLength: 2 }) }, { requiredKeys: [] })
const policies = fc.array(fc.record({
  metadata: fc.record({ namespace }),
  spec: fc.record({
    podSelector: selector, policyTypes: fc.uniqueArray(fc.constantFrom('Ingress', 'Egress'), { minLength: 1 }),
    ingress: fc.array(rule('from'), { maxLength: 2 }), egress: fc.array(rule('to'), { maxLength: 2 }),
  }, { requiredKeys: ['podSelector'] }),
}), { minLength: 1, maxLength: 4 }).map(list => list.map((policy, index) =>
  ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', ...policy, metadata: { name: `p${index}`, ...policy.metadata } })))
const pods = fc.uniqueArray(fc.record({ name: app, namespace }), { minLength: 1, maxLength: 5, selector: ({ name, namespace: of }) => `${of}/${name}` }).map(list => list.map(({ name, namespace: of }) => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: of, labels: { app: name } },
  spec: { containers: [{ ports: [{ name: 'http', containerPort: 80 }, { containerPort: 81 }, { name: 'dns', containerPort: 53, protocol: 'UDP' }] }] },
})))
const world = fc.tuple(pods, policies).map(([...objects]) => objects.flat().map(object => stringify(object)).join('---\n'))

const read = (source: string): Snapshot => snapshotOf(objectsIn('w.yaml', source), { whole: true })

/** Every flow that can be: 1 allowed, 0 denied. */
function verdicts({ namespaces: labels, subjects }: Snapshot, list: readonly Policy[]): string {
  const all = { namespaces: labels, policies: list }
  return subjects.flatMap(from => subjects.flatMap(to => to.ports.map(({ port: number, protocol }) =>
    Number(evaluate(all, { from, to, port: number, protocol }).allowed)))).join('')
}

const policyOf = ({ policies: list }: Snapshot, { object }: Finding): Policy => list.find(({ policy }) => object === `networkpolicy ${policy.metadata.name}`)!.policy

/** The policies, one of them without the part that a finding is about. */
function without(snapshot: Snapshot, finding: Finding, change: (policy: Policy) => Policy | undefined): Policy[] {
  const one = policyOf(snapshot, finding)
  return snapshot.policies.flatMap(({ policy }) => policy === one ? change(one) ?? [] : [policy])
}

/** `spec.ingress[1]` of the place of a finding, by its line in the text. */
function ruleAt(snapshot: Snapshot, finding: Finding): { key: 'ingress' | 'egress', index: number } {
  const { place, policy } = snapshot.policies.find(({ policy: one }) => one === policyOf(snapshot, finding))!
  for (const key of ['ingress', 'egress'] as const) {
    for (const index of (policy.spec[key] ?? []).keys()) {
      for (const part of ['from', 'to', undefined]) {
        const { position } = place(['spec', key, index, ...part === undefined ? [] : [part]])
        if (position.line === finding.position.line && position.column === finding.position.column) return { key, index }
      }
    }
  }
  throw new Error(`no rule is at ${finding.path}:${finding.position.line}`)
}

const changes: Readonly<Partial<Record<RuleName, (snapshot: Snapshot, finding: Finding) => Policy[]>>> = {
  'selects-nothing': (snapshot, finding) => without(snapshot, finding, () => undefined),
  'ignored-rules': (snapshot, finding) => without(snapshot, finding, (policy) => {
    const types = policy.spec.policyTypes ?? ['Ingress']
    const { ingress, egress, ...spec } = policy.spec
    return { ...policy, spec: { ...spec, policyTypes: types, ...types.includes('Ingress') && ingress && { ingress }, ...types.includes('Egress') && egress && { egress } } }
  }),
  'half-open': (snapshot, finding) => {
    const { key, index } = ruleAt(snapshot, finding)
    return without(snapshot, finding, policy => ({ ...policy, spec: { ...policy.spec, policyTypes: policy.spec.policyTypes ?? ['Ingress', ...policy.spec.egress?.length ? ['Egress' as const] : []], [key]: policy.spec[key]!.filter((_, at) => at !== index) } }))
  },
}

test.each(Object.keys(changes) as RuleName[])('%s: without that part every flow is as before', (rule) => {
  let seen = 0
  fc.assert(fc.property(world, (source) => {
    const snapshot = read(source)
    const all = snapshot.policies.map(({ policy }) => policy)
    for (const finding of audit(snapshot).filter(one => one.rule === rule)) {
      seen++
      expect(verdicts(snapshot, changes[rule]!(snapshot, finding))).toBe(verdicts(snapshot, all))
    }
  }), { numRuns: 300 })
  expect(seen, 'findings that were tried').toBeGreaterThan(20)
})

test('the trial above can fail: a rule that is in use changes a flow', () => {
  const used = read(['Pod a', 'Pod b'].map(pod => stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: pod.at(-1), namespace: 'x', labels: { app: pod.at(-1) } }, spec: { containers: [{ ports: [{ containerPort: 80 }] }] } })).join('---\n')
    + '---\n' + stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'p', namespace: 'x' }, spec: { podSelector: {}, policyTypes: ['Ingress'] } }))
  expect(verdicts(used, [])).not.toBe(verdicts(used, used.policies.map(({ policy }) => policy)))
})

test('every policy that is not said to select nothing closes or opens something for some pod', () => {
  fc.assert(fc.property(world, (source) => {
    const snapshot = read(source)
    const findings = audit(snapshot)
    for (const { policy } of snapshot.policies) {
      const selects = snapshot.subjects.some(({ namespace: of, labels }) => of === policy.metadata.namespace
        && Object.entries(policy.spec.podSelector.matchLabels ?? {}).every(([key, value]) => labels[key] === value))
      expect(findings.some(({ rule, object }) => rule === 'selects-nothing' && object === `networkpolicy ${policy.metadata.name}`)).toBe(!selects)
    }
  }))
})

test('every finding names a line that is there', () => {
  fc.assert(fc.property(world, (source) => {
    const lines = source.split('\n')
    for (const { position, text } of audit(read(source))) expect(lines[position.line - 1]).toBe(text)
  }))
})

test('a thousand pods and a hundred policies take less than three seconds', () => {
  const source = [
    ...Array.from({ length: 1_000 }, (_, number) => stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: `pod-${number}`, namespace: `n${number % 20}`, labels: { app: `app-${number % 100}` } }, spec: { containers: [{ ports: [{ containerPort: 80 }] }] } })),
    ...Array.from({ length: 100 }, (_, number) => stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: `p${number}`, namespace: `n${number % 20}` }, spec: { podSelector: { matchLabels: { app: `app-${number}` } }, policyTypes: ['Ingress', 'Egress'], ingress: [{ from: [{ namespaceSelector: {} }] }] } })),
  ].join('---\n')
  const snapshot = read(source)
  const started = performance.now()
  expect(audit(snapshot).length).toBeGreaterThan(0)
  expect(performance.now() - started).toBeLessThan(3_000)
})
