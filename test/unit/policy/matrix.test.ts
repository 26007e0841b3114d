import { describe, expect, test } from 'vitest'
import { flowText } from '../../../src/policy/flow.ts'
import { judge, meets, summaryOf } from '../../../src/policy/judge.ts'
import { matrixJunit } from '../../../src/policy/junit.ts'
import { movedPolicy, objectsOf } from '../../../src/policy/manifests.ts'
import { readMatrix, type Matrix } from '../../../src/policy/matrix-file.ts'
import { measure } from '../../../src/policy/measure.ts'
import { mutateMatrix } from '../../../src/policy/mutate.ts'
import type { Answer } from '../../../src/policy/script.ts'
import { matrixSvg } from '../../../src/policy/svg.ts'
import { matrixText } from '../../../src/policy/text.ts'

const POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: shop }
spec:
  podSelector: { matchLabels: { app: api } }
  ingress:
    - from:
        - podSelector: { matchLabels: { app: web } }
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: far } }
          podSelector: {}
      ports: [{ port: http }]
`
const PODS = `pods:
  - { name: web, namespace: shop, labels: { app: web } }
  - { name: worker, namespace: shop }
  - { name: api, namespace: shop, labels: { app: api }, ports: [{ port: 80, name: http }, { port: 81 }, { port: 53, protocol: UDP }] }
  - { name: guest, namespace: far }
policies: [p.yaml]
`
const read = (source: string, policy = POLICY): Promise<Matrix> => readMatrix('m.yaml', source, async path => ({ path, source: policy }))
const answer = (outcome: Answer['outcome'], detail = ''): Answer => ({ outcome, ms: 1, detail })

describe('the file of a matrix', () => {
  test('without flows every pod asks every port, and the policies say what is expected', async () => {
    const { flows } = await read(PODS)
    expect(flows.map(flow => `${flowText(flow)} ${flow.expect}`)).toEqual([
      ...['shop/web', 'shop/worker', 'far/guest'].flatMap(from => ['80/TCP', '81/TCP', '53/UDP'].map(port =>
        `${from} -> shop/api ${port} ${port === '80/TCP' && from !== 'shop/worker' ? 'allow' : 'deny'}`)),
    ])
  })

  test('flows name pods, lists, ports by name, and what is expected', async () => {
    const { flows } = await read(`${PODS}machines: { out: 192.168.0.200 }
flows:
  - { from: [web, far/guest], to: api, port: http }
  - { from: worker, to: out, port: 22, expect: drop }
  - { from: '*', to: api, port: 53, protocol: UDP, byName: true }
`)
    expect(flows.map(flow => `${flowText(flow)} ${flow.expect}`)).toEqual([
      'shop/web -> shop/api 80/TCP allow', 'far/guest -> shop/api 80/TCP allow', 'shop/worker -> out 22/TCP drop',
      'shop/web -> shop/api 53/UDP by name deny', 'shop/worker -> shop/api 53/UDP by name deny', 'far/guest -> shop/api 53/UDP by name deny',
    ])
  })

  test.each([
    ['a pod that is not there', `${PODS}flows: [{ from: webb, to: api, port: 80 }]`, 'm.yaml:7:17  there is no pod "webb". Did you mean "web"?'],
    ['a port that is closed', `${PODS}flows: [{ from: web, to: api, port: 8080 }]`, 'nothing would tell a denial from a port that is closed'],
    ['two ports without one', `${PODS}flows: [{ from: web, to: api }]`, 'pod shop/api has 80/TCP (http), 81/TCP, 53/UDP'],
    ['ICMP without an expectation', `${PODS}flows: [{ from: web, to: api, protocol: ICMP }]`, 'NetworkPolicy says nothing about ICMP'],
    ['a key that is not known', `${PODS}flow: []`, 'm.yaml:7:1  unknown key "flow". Did you mean "flows"?'],
    ['a pod twice', PODS.replace('worker', 'web'), 'pod shop/web is there twice'],
    ['a machine as sender', `${PODS}machines: { out: 10.0.0.1 }\nflows: [{ from: out, to: api, port: 80 }]`, '"out" is a machine'],
    ['no YAML', `${PODS}  x: [`, 'no valid YAML'],
    ['nothing', '', 'the file holds nothing'],
  ])('refuses %s', async (_, source, message) => {
    await expect(read(source)).rejects.toThrow(message)
  })

  test.each([
    ['an unknown field', POLICY.replace('podSelector: {}', 'podSelectors: {}'), 'p.yaml:10:11  unknown key "podSelectors" in spec.ingress[0].from[1]. Did you mean "podSelector"?'],
    ['a peer of nobody', POLICY.replace(/namespaceSelector.*\n.*podSelector: \{\}/, '{}'), 'a peer that names nobody'],
    ['a block beside a selector', POLICY.replace('podSelector: {}', 'ipBlock: { cidr: 10.0.0.0/8 }'), 'ipBlock beside a selector'],
    ['a range that is none', POLICY.replace('port: http', 'port: 90, endPort: 80'), 'a range of ports that is none'],
    ['a network that is none', POLICY.replace('podSelector: {}', 'ipBlock: { cidr: 10.0.0.0 }'), 'expected a network such as 10.0.0.0/8'],
    ['a number as label', POLICY.replace('app: api', 'app: 1'), 'expected text: put it in quotes'],
    ['a namespace without pods', POLICY.replace('namespace: shop', 'namespace: shoop'), 'in which the matrix has no pod'],
    ['a misspelt direction', POLICY.replace('  ingress', '  policyTypes: [ingress]\n  ingress'), 'expected Ingress, Egress'],
  ])('refuses a policy with %s', async (_, policy, message) => {
    await expect(read(PODS, policy)).rejects.toThrow(message)
  })
})

describe('the objects of a matrix', () => {
  test('policies go where the pods go, and names of namespaces with them', async () => {
    const { world, pods } = await read(PODS)
    const moved = movedPolicy(world.policies[0]!, 'abc', new Set(world.namespaces.keys()))
    expect(moved.metadata.namespace).toBe('proofbook-policy-abc-shop')
    expect(moved.spec.ingress?.[0]?.from?.[1]?.namespaceSelector?.matchLabels).toEqual({ 'kubernetes.io/metadata.name': 'proofbook-policy-abc-far' })
    const objects = objectsOf({ pods, world }, { id: 'abc', nodes: ['n1', 'n2'] }) as { kind: string, metadata: { name: string }, spec: { nodeName: string } }[]
    expect(objects.filter(({ kind }) => kind === 'Pod').map(({ metadata, spec }) => [metadata.name, spec.nodeName]))
      .toEqual([['web', 'n1'], ['worker', 'n2'], ['api', 'n1'], ['guest', 'n2']])
  })
})

describe('a verdict', () => {
  test('a denial counts only between two measurements in which the flow was allowed', async () => {
    const flow = (await read(PODS)).flows.find(({ expect }) => expect === 'deny')!
    const of = (...outcomes: Answer['outcome'][]): (boolean | null | string)[] => {
      const cell = judge(flow, answer(outcomes[0]!), answer(outcomes[1]!), answer(outcomes[2]!))
      return [cell.ok, cell.outcome]
    }
    expect(of('allow', 'drop', 'allow')).toEqual([true, 'drop'])
    expect(of('allow', 'refused', 'allow')).toEqual([true, 'reject'])
    expect(of('allow', 'allow', 'allow')).toEqual([false, 'allow'])
    expect(of('refused', 'refused', 'refused')).toEqual([false, 'refused'])
    expect(of('drop', 'drop', 'drop')[0]).toBe(false)
    expect(of('allow', 'drop', 'drop')[0]).toBe(false)
    expect(of('allow', 'error', 'allow')[0]).toBe(false)
    expect(of('unsupported', 'unsupported', 'unsupported')[0]).toBe(null)
  })

  test('drop, reject and a missing name are told apart', () => {
    expect([meets('drop', 'drop'), meets('drop', 'reject'), meets('reject', 'reject'), meets('reject', 'drop'), meets('deny', 'dns'), meets('dns', 'dns'), meets('deny', 'reject')])
      .toEqual([true, false, true, false, false, true, true])
  })
})

describe('a measurement', () => {
  const bench = (answers: (flow: string, policies: boolean) => Answer['outcome']) => {
    let applied = false
    return {
      id: 'x', passes: 0,
      async apply() { applied = true },
      async lift() { applied = false },
      async ask(flows: readonly Parameters<typeof flowText>[0][]) { this.passes++; return flows.map(flow => answer(answers(flowText(flow), applied))) },
      async [Symbol.asyncDispose]() { /* nothing was made */ },
    }
  }

  test('a network that enforces nothing differs in every denied cell, and only there', async () => {
    const { flows } = await read(PODS)
    const { cells } = await measure(bench(() => 'allow'), flows, { within: 0 })
    expect(summaryOf(cells)).toEqual({ cells: 9, held: 2, differ: 7, unasked: 0, enforced: false })
  })

  test('a flow that is allowed only until the policies work is seen by the second pass', async () => {
    const { flows } = await read(PODS)
    let asked = 0
    const { cells } = await measure(bench((flow, policies) => {
      if (!policies) return 'allow'
      // Worker's denial works at once; web's leave is lost when the whole policy works.
      if (flow.startsWith('shop/web -> shop/api 80')) return asked++ === 0 ? 'allow' : 'drop'
      return flow.startsWith('far/guest -> shop/api 80') ? 'allow' : 'drop'
    }), flows, { within: 50 })
    expect(cells.filter(({ ok }) => ok === false).map(({ flow }) => flowText(flow))).toEqual(['shop/web -> shop/api 80/TCP'])
  })

  test('is told as text, JUnit and a picture', async () => {
    const { flows } = await read(PODS)
    const { cells, ms } = await measure(bench((flow, policies) => policies && flow.includes('81/TCP') ? 'refused' : 'allow'), flows, { within: 0 })
    const text = matrixText(cells)
    expect(text).toContain('shop/worker  .! R  .!')
    expect(text).toContain('DIFFERS  shop/worker -> shop/api 80/TCP: received allow, expected deny: ingress of api is denied: api select it and allow no such flow')
    expect(text).toContain('5 of 9 cells are as expected, 4 differ')
    expect(matrixJunit('m<yaml', cells, ms)).toContain('<testsuite name="m&lt;yaml" time="0.')
    expect(matrixJunit('m', cells, ms).match(/<failure /g)).toHaveLength(4)
    expect(matrixSvg('m', cells).match(/stroke="#e03131"/g)).toHaveLength(4)
  })
})

describe('mutants', () => {
  test('every part of a policy that all flows test is caught, and one that none tests is named', async () => {
    const all = mutateMatrix(await read(PODS.replace('worker, namespace: shop', 'worker, namespace: shop, ports: [{ port: 80 }]')))
    expect(all.filter(({ flips }) => flips.length === 0).map(({ change, line }) => [line, change])).toEqual([])
    const few = mutateMatrix(await read(`${PODS}flows:\n  - { from: web, to: api, port: http }\n  - { from: worker, to: api, port: http }\n`))
    // Nothing else listens, so that it does not matter whom the policy selects.
    expect(few.filter(({ flips }) => flips.length === 0).map(({ change, line }) => [line, change])).toEqual([
      [5, 'empty the selector: all'], [9, 'drop the peer'], [11, 'drop the only port: every port'],
    ])
  })
})
