/** Programs of a lab's workstation. */
import { describe, expect, test } from 'vitest'
import { toolsOf } from '../../../src/lab/hosts/machine.ts'
import { etcd, etcdutl } from '../../../src/lab/images/components.ts'
import { topologyNamed } from '../../../src/lab/topology/topologies.ts'
import { hostNamed } from '../../../src/lab/topology/topology.ts'
import { versions } from '../../../src/lab/versions.ts'

const tools = { kubectl: '/cache/kubectl', vegeta: '/cache/vegeta', etcdutl: '/cache/etcdutl' }
const on = (host: string) => toolsOf(hostNamed(topologyNamed('load-balancer'), host)!, tools)

describe('etcdutl', () => {
  test('is on the workstation and nowhere else', () => {
    expect(on('client')).toHaveProperty(['/usr/local/bin/etcdutl'], '/cache/etcdutl')
    expect([on('lb'), on('s1')]).toEqual([{}, {}])
  })

  test('is missing in a lab that an earlier version made, and nothing is bound in its place', () => {
    const { etcdutl: _, ...earlier } = tools
    expect(Object.keys(toolsOf(hostNamed(topologyNamed('load-balancer'), 'client')!, earlier))).toEqual(['/usr/local/bin/kubectl', '/usr/local/bin/vegeta'])
  })

  test('is a product of its own, of the release that kubeadm runs', () => {
    expect(etcdutl.id).not.toBe(etcd.id)
    expect(versions.etcdImage).toMatch(new RegExp(`^${versions.etcd.slice(1)}-\\d+$`))
  })
})
