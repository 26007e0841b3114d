/** What is told when a cluster does not let itself be measured, and that nothing is left there. */
import { expect, test } from 'vitest'
import { openBench } from '../../../src/policy/bench.ts'
import { readMatrix } from '../../../src/policy/matrix-file.ts'
import { ProbeError } from '../../../src/probe/errors.ts'
import type { Kubectl } from '../../../src/probe/kubectl.ts'

const matrix = await readMatrix('m.yaml', 'pods: [{ name: web, namespace: shop }, { name: api, namespace: shop, ports: [{ port: 80 }] }]\npolicies: [p.yaml]\n',
  async path => ({ path, source: 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p, namespace: shop }\nspec: { podSelector: {} }\n' }))

/** A cluster of one node that keeps what is made; `refuse` says what it answers in place of doing. */
function cluster(refuse: (call: string) => string | undefined, may: (right: string) => boolean = () => true) {
  const namespaces = new Set<string>()
  const calls: string[] = []
  const kubectl: Kubectl = async (args, { input } = {}) => {
    const call = args.join(' ')
    if (input?.includes('SelfSubjectAccessReview')) {
      if (refuse('rights') !== undefined) throw new Error(`kubectl: exit 1\n${refuse('rights')}`)
      const { items } = JSON.parse(input) as { items: { spec: { resourceAttributes: { verb: string, resource: string, subresource?: string } } }[] }
      return items.map(({ spec: { resourceAttributes: { verb, resource, subresource = '' } } }) => `${verb} ${resource} ${subresource} ${may(`${verb} ${resource} ${subresource}`.trim())}\n`).join('')
    }
    calls.push(call)
    const refused = refuse(call + (input?.includes('"NetworkPolicy"') ? ' NetworkPolicy' : ''))
    if (refused !== undefined) throw new Error(`kubectl ${call}: exit 1\n${refused}`)
    if (call.startsWith('get nodes')) return JSON.stringify({ items: [{ metadata: { name: 'n1' }, spec: {}, status: { conditions: [{ type: 'Ready', status: 'True' }], addresses: [{ type: 'InternalIP', address: '10.0.0.1' }] } }] })
    if (call.startsWith('create')) for (const { kind, metadata } of (JSON.parse(input!) as { items: { kind: string, metadata: { name: string } }[] }).items) if (kind === 'Namespace') namespaces.add(metadata.name)
    if (call.startsWith('delete namespace')) for (const name of args) namespaces.delete(name)
    if (call.startsWith('get pods')) return JSON.stringify({ items: [] })
    return call.startsWith('get namespaces') ? JSON.stringify({ items: [] }) : ''
  }
  return { kubectl, namespaces, calls }
}

test('without the right to make pods nothing is made, and what is missing is named', async () => {
  const { kubectl, namespaces, calls } = cluster(() => undefined, right => right !== 'create pods')
  const error = await openBench(kubectl, matrix).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(ProbeError)
  expect((error as Error).message).toMatch(/^you may not create pods on this cluster, and nothing was made there\n/)
  // Who may not make pods may not list nodes either, and is to hear of all of it at once.
  expect(calls).toEqual([])
  expect(namespaces.size).toBe(0)
})

test('a cluster that does not answer is told as that', async () => {
  const { kubectl } = cluster(call => call === 'rights' ? 'Unable to connect to the server: EOF' : undefined)
  await expect(openBench(kubectl, matrix)).rejects.toThrow('the cluster cannot be asked what you may do there: Unable to connect to the server: EOF')
})

test('pods that do not run are removed again', async () => {
  const { kubectl, namespaces, calls } = cluster(call => call.startsWith('wait') ? 'error: timed out waiting for the condition' : undefined)
  await expect(openBench(kubectl, matrix)).rejects.toThrow('pods of the matrix do not run: error: timed out')
  expect(calls.some(call => call.startsWith('create'))).toBe(true)
  expect(namespaces.size).toBe(0)
})

test('a namespace that somebody deletes meanwhile is told, and the rest removed', async () => {
  const { kubectl, namespaces } = cluster(call => call.endsWith(' NetworkPolicy')
    ? 'Error from server (Forbidden): networkpolicies "p" is forbidden: unable to create new content in namespace x because it is being terminated' : undefined)
  const measured = async (): Promise<void> => {
    await using bench = await openBench(kubectl, matrix)
    expect(namespaces.size).toBe(1)
    await bench.apply()
  }
  const error = await measured().catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(ProbeError)
  expect((error as Error).message).toMatch(/being terminated\nSomebody deletes the namespaces of the matrix/)
  expect(namespaces.size).toBe(0)
})

test('what could not be removed is named with the command that removes it', async () => {
  const { kubectl, namespaces } = cluster(call => call.startsWith('delete namespace') && !call.includes('--selector') ? 'error: timed out' : undefined)
  const measured = async (): Promise<void> => { await using _ = await openBench(kubectl, matrix) }
  await expect(measured()).rejects.toThrow(new RegExp(`may be left: error: timed out\\nRemove them: kubectl delete namespace ${[...namespaces][0] ?? 'proofbook-policy-'}`))
})
