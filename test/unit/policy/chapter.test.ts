/**
 * Mutation of the book's own policies: pods and flows of each page's namespaces, and the policies as the page has them.
 * Every rule, peer, port and label is changed in turn, and a flow must tell. What the clusters make of it, the pages measure.
 */
import { readFileSync, globSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readMatrix } from '../../../src/policy/matrix-file.ts'
import { isSame, mutateMatrix } from '../../../src/policy/mutate.ts'
import { parseRunbook } from '../../../src/runbook/parse.ts'
import { fill } from '../../../src/runbook/variables.ts'

const KUBE_DNS = '{ name: dns, namespace: kube-system, labels: { k8s-app: kube-dns }, ports: [{ port: 53, protocol: UDP }, { port: 53 }, { port: 9153 }, { port: 9999, protocol: UDP }] }'
const OTHER_DNS = '{ name: metrics-server, namespace: kube-system, labels: { k8s-app: metrics-server }, ports: [{ port: 53, protocol: UDP }, { port: 53 }] }'
const STRAY_DNS = '{ name: stray-dns, namespace: visitors, labels: { k8s-app: kube-dns }, ports: [{ port: 53, protocol: UDP }, { port: 53 }] }'
const app = (name: string, namespace: string, ports = '', label = name): string => `{ name: ${name}, namespace: ${namespace}, labels: { app: ${label} }, ports: [${ports}] }`
const HTTP = '{ port: 8080, name: http }'

/** Of each page: blocks whose policies count, and the pods that are asked. */
const pages: Readonly<Record<string, { readonly blocks: readonly string[], readonly pods: readonly string[] }>> = {
  'does-my-cluster-enforce': {
    blocks: ['deny'],
    pods: [app('client', 'enforcement-test', '{ port: 9376 }'), app('server', 'enforcement-test', '{ port: 9376 }')],
  },
  'default-deny': {
    blocks: ['deny-ingress', 'deny-egress', 'allow-dns', 'allow-scraping'],
    pods: [
      app('api', 'shop', `${HTTP}, { port: 9090 }`), app('frontend', 'shop', HTTP), app('scraper', 'monitoring', HTTP), app('grafana', 'monitoring'),
      app('scraper', 'visitors', HTTP), KUBE_DNS, OTHER_DNS, STRAY_DNS,
    ],
  },
  'allow-frontend-to-api': {
    blocks: ['deny-all', 'api-receives', 'frontend-sends'],
    pods: [app('api', 'shop', `${HTTP}, { port: 9090 }`), app('frontend', 'shop', HTTP), app('worker', 'shop', HTTP), app('frontend', 'visitors', HTTP), KUBE_DNS, OTHER_DNS, STRAY_DNS],
  },
  'isolate-postgresql': {
    blocks: ['isolate'],
    pods: [
      ...['primary', 'standby'].map(name => `{ name: ${name}, namespace: clients, labels: { cnpg.io/cluster: clients-db, cnpg.io/podRole: instance }, ports: [{ port: 5432 }, { port: 8000 }, { port: 9187 }, { port: 22 }] }`),
      '{ name: pooler, namespace: clients, labels: { cnpg.io/cluster: clients-db, cnpg.io/podRole: pooler }, ports: [{ port: 5432 }] }',
      '{ name: other-db, namespace: clients, labels: { cnpg.io/cluster: other-db, cnpg.io/podRole: instance }, ports: [{ port: 5432 }] }',
      '{ name: job, namespace: clients, labels: { cnpg.io/cluster: clients-db } }',
      '{ name: other-pooler, namespace: clients, labels: { cnpg.io/cluster: other-db, cnpg.io/podRole: pooler } }',
      app('clients-api', 'clients'), app('worker', 'clients'),
      ...['cnpg-system', 'visitors'].map(namespace => `{ name: operator, namespace: ${namespace}, labels: { app.kubernetes.io/name: cloudnative-pg } }`),
      ...['monitoring', 'visitors'].map(namespace => `{ name: prometheus, namespace: ${namespace}, labels: { app.kubernetes.io/name: prometheus } }`),
      app('stranger', 'cnpg-system'), app('stranger', 'monitoring'),
    ],
  },
  'verify-isolation': {
    blocks: ['isolate'],
    pods: [app('database', 'isolated', '{ port: 5432 }, { port: 9187 }'), app('api', 'isolated'), app('worker', 'isolated', '{ port: 5432 }')],
  },
  'audit': {
    blocks: ['repair'],
    pods: [app('api', 'audited', `${HTTP}, { port: 9090 }`), app('frontend', 'audited', HTTP), app('worker', 'audited', HTTP), app('guest', 'visitors', HTTP), KUBE_DNS, OTHER_DNS, STRAY_DNS],
  },
}

/** NetworkPolicies of a page's blocks, with the values that it prints. */
function policiesOf(page: string): { readonly all: readonly string[], readonly text: (blocks: readonly string[]) => string } {
  const path = `runbooks/policy/${page}.mdx`
  const { runbook } = parseRunbook(readFileSync(path, 'utf8'), { id: `policy/${page}`, path })
  const values = Object.fromEntries(runbook!.variables.map(({ name, default: value = '' }) => [name, value]))
  const documents = runbook!.blocks.filter(({ kind }) => kind === 'step').map(({ name, text }) => ({
    name, documents: fill(text, values).split(/^---$/m).filter(document => /^apiVersion: networking\.k8s\.io\/v1\nkind: NetworkPolicy$/m.test(document)),
  })).filter(block => block.documents.length > 0)
  return { all: documents.map(({ name }) => name), text: blocks => documents.filter(({ name }) => blocks.includes(name)).flatMap(block => block.documents).join('\n---\n') }
}

describe('each part of the policies of', () => {
  test.each(Object.entries(pages))('%s is tested by a flow', async (page, { blocks, pods }) => {
    const policies = policiesOf(page).text(blocks)
    const matrix = await readMatrix(`${page}.yaml`, `pods:\n${pods.map(pod => `  - ${pod}`).join('\n')}\npolicies: [policies.yaml]\n`, async path => ({ path, source: policies }))
    const mutations = mutateMatrix(matrix)
    const same = mutations.filter(isSame).length
    const untested = mutations.filter(({ flips, would }) => flips.length === 0 && would !== undefined).map(({ name, change, line, would }) => `${name}, line ${line}: ${change}; add ${would}`)
    console.error(`policy/${page}: ${mutations.length - same - untested.length} of ${mutations.length - same} mutants caught by ${matrix.flows.length} flows; ${same} change nothing`)
    expect(untested).toEqual([])
    expect(same).toBeLessThan(mutations.length / 2)
    expect(mutations.length).toBeGreaterThan(1)
  })

  test('every page of the chapter is there, with every step that applies a NetworkPolicy', () => {
    // The first is wrong on purpose, each in its own way; Cilium's page has one, for the denial that takes back what it allows.
    const known: Readonly<Record<string, readonly string[]>> = { 'audit': ['apply-policies-that-look-right'], 'cilium-network-policy': ['allow-clients'] }
    for (const page of globSync('runbooks/policy/*.mdx').map(path => basename(path, '.mdx'))) {
      const { all } = policiesOf(page)
      expect([...pages[page]?.blocks ?? [], ...known[page] ?? []].sort(), page).toEqual([...all].sort())
    }
  })

  test('a policy that is wider than the page means is seen', async () => {
    const { blocks, pods } = pages['verify-isolation']!
    const policies = policiesOf('verify-isolation').text(blocks)
    const matrix = (extra: string) => readMatrix('m.yaml', `pods:\n${pods.slice(0, 2).map(pod => `  - ${pod}`).join('\n')}\n${extra}policies: [p.yaml]\n`, async path => ({ path, source: policies }))
    expect(mutateMatrix(await matrix('')).some(({ flips }) => flips.length === 0)).toBe(true)
  })
})
