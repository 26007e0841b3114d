/** What measures traffic in a cluster. */
import { expect, test } from 'vitest'
import { asked, asking, FOLDER, NAMESPACE } from '../../../../src/probe/traffic/manifests.ts'

const plan = { image: 'echo:1', api: ['https://192.168.0.51:6443'] }
interface Thing { kind: string, metadata: { name: string, namespace?: string }, spec?: { template?: { spec: { containers: { command?: string[], env?: { name: string, value?: string }[] }[], hostNetwork?: boolean, automountServiceAccountToken?: boolean } } } }

test('all of it is in one namespace', () => {
  for (const { kind, metadata } of [...asked(plan), ...asking({ ...plan, flows: ['dns'] }, '10.96.0.9')] as Thing[]) {
    expect(kind === 'Namespace' ? metadata.name : metadata.namespace).toBe(NAMESPACE)
  }
})

test('nobody asks from within what only the client asks', () => {
  expect(asking({ ...plan, flows: ['http', 'api-write'] }, '10.96.0.9')).toEqual([])
})

test('pods ask their flows, with the program of the node', () => {
  const [pods, , ask] = asking({ ...plan, flows: ['http', 'tcp-new', 'dns'] }, '10.96.0.9') as Thing[]
  const spec = ask!.spec!.template!.spec
  expect(spec.containers[0]!.command).toEqual([`${FOLDER}/prober`, 'ask'])
  expect(spec.containers[0]!.env).toContainEqual({ name: 'FLOWS', value: 'tcp-new,dns' })
  expect(spec.containers[0]!.env).toContainEqual({ name: 'SERVICE', value: '10.96.0.9:80' })
  // Only who looks for pods talks to the API, and from the network of the node.
  expect(spec.automountServiceAccountToken).toBe(false)
  expect(pods!.spec!.template!.spec).toMatchObject({ hostNetwork: true, automountServiceAccountToken: true })
})
