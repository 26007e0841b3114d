/** A mutant that is called the same is the same for pods that nobody thought of; one that is not has a flow that tells. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { evaluate } from '../../../src/policy/evaluate.ts'
import { readMatrix } from '../../../src/policy/matrix-file.ts'
import type { Pod, Policy } from '../../../src/policy/model.ts'
import { isSame, mutateMatrix } from '../../../src/policy/mutate.ts'

const labels = fc.dictionary(fc.constantFrom('app', 'tier'), fc.constantFrom('a', 'b'), { maxKeys: 2 })
const selector = fc.oneof(
  labels.map(matchLabels => ({ matchLabels })),
  fc.record({ key: fc.constantFrom('app', 'tier'), operator: fc.constantFrom('In', 'NotIn'), values: fc.constantFrom(['a'], ['a', 'b']) }).map(one => ({ matchExpressions: [one] })),
  fc.record({ key: fc.constantFrom('app', 'tier'), operator: fc.constantFrom('Exists', 'DoesNotExist') }).map(one => ({ matchExpressions: [one] })),
)
const namespaces = fc.constantFrom({}, { matchLabels: { 'kubernetes.io/metadata.name': 'y' } }, { matchLabels: { team: 't' } })
const peer = fc.oneof(fc.record({ podSelector: selector }), fc.record({ namespaceSelector: namespaces }), fc.record({ podSelector: selector, namespaceSelector: namespaces }))
const port = fc.constantFrom({ port: 80 }, { port: 'http' }, { port: 80, endPort: 85 }, { port: 53, protocol: 'UDP' })
const rule = (key: 'from' | 'to') => fc.record({ [key]: fc.array(peer, { minLength: 1, maxLength: 2 }), ports: fc.array(port, { minLength: 1, maxLength: 2 }) }, { requiredKeys: [] })
const policies = fc.array(fc.record({
  namespace: fc.constantFrom('x', 'y'), podSelector: selector, policyTypes: fc.uniqueArray(fc.constantFrom('Ingress', 'Egress'), { minLength: 1 }),
  ingress: fc.array(rule('from'), { maxLength: 2 }), egress: fc.array(rule('to'), { maxLength: 2 }),
}), { minLength: 1, maxLength: 3 }).map(list => list.map(({ namespace, ...spec }, index) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: `p${index}`, namespace }, spec })))

const strangers: Pod[] = ['x', 'y', 'z', 't-team'].flatMap(namespace => [{}, { app: 'a' }, { app: 'b' }, { tier: 'a' }, { tier: 'b', app: 'a' }, { tier: 'a', app: 'b' }, { app: 'c' }, { app: 'a', tier: 'a' }, { app: 'b', tier: 'b' }].map((of, index) => ({
  name: `s${index}`, namespace, labels: of as Pod['labels'],
  ports: [{ name: 'http', port: 40_001, protocol: 'TCP' as const }, { port: 80, protocol: 'TCP' as const }, { port: 83, protocol: 'TCP' as const }, { port: 53, protocol: 'UDP' as const }, { port: 7, protocol: 'UDP' as const }],
})))
const known = new Map([['x', {}], ['y', {}], ['z', {}], ['t-team', { team: 't' }]])

const verdicts = (list: readonly Policy[]): string => strangers.flatMap(from => strangers.flatMap(to => to.ports.map(({ port: number, protocol }) =>
  Number(evaluate({ namespaces: known, policies: list }, { from, to, port: number, protocol }).allowed)))).join('')

test('what is called the same is the same for every stranger', async () => {
  let [same, other] = [0, 0]
  await fc.assert(fc.asyncProperty(policies, async (list) => {
    const source = list.map(policy => stringify(policy, { aliasDuplicateObjects: false })).join('---\n')
    const matrix = await readMatrix('m.yaml', 'pods: [{ name: q, namespace: x }, { name: q, namespace: y }]\npolicies: [p.yaml]\n', async path => ({ path, source }))
    const before = verdicts(matrix.world.policies)
    for (const mutation of mutateMatrix(matrix)) {
      const after = verdicts(matrix.world.policies.flatMap(policy => policy.metadata.name !== mutation.name ? [policy] : mutation.policy ?? []))
      if (isSame(mutation)) {
        same++
        expect(after, `${mutation.name}: ${mutation.change}`).toBe(before)
      } else if (after !== before) other++
    }
  }), { numRuns: 8 })
  expect(same, 'mutants that are the same').toBeGreaterThan(5)
  expect(other, 'mutants that are not').toBeGreaterThan(5)
})

test('a rule that only two pods of the same labels can tell is not called the same', async () => {
  const anyApp = { matchExpressions: [{ key: 'app', operator: 'Exists' }] }
  const source = stringify({
    apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'p', namespace: 'x' },
    spec: { podSelector: anyApp, policyTypes: ['Ingress'], ingress: [{ from: [{ podSelector: anyApp }] }] },
  }, { aliasDuplicateObjects: false })
  const matrix = await readMatrix('m.yaml', 'pods: [{ name: q, namespace: x }]\npolicies: [p.yaml]\n', async path => ({ path, source }))
  expect(mutateMatrix(matrix).filter(({ change }) => change === 'drop the rule').map(isSame)).toEqual([false])
})
