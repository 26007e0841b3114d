import { describe, expect, test } from 'vitest'
import { ciliumNode } from '../../../src/lab/images/cilium/supply.ts'
import { ciliumNote, ciliumRelease, ciliumReleases, holds, versionsOf } from '../../../src/lab/images/cilium/release.ts'
import { ciliumValues } from '../../../src/lab/cni/cilium-values.ts'
import { toolsOf } from '../../../src/lab/hosts/machine.ts'
import { hostNamed } from '../../../src/lab/topology/topology.ts'
import { topologyNamed } from '../../../src/lab/topology/topologies.ts'
import { isKept } from '../../../src/lab/reset/baseline.ts'
import { versions } from '../../../src/lab/versions.ts'

describe('a release of Cilium', () => {
  test.each([
    [undefined, 'v1.19.7'], ['1.19', 'v1.19.7'], ['1.19.7', 'v1.19.7'], ['v1.19.7', 'v1.19.7'], ['1.20', 'v1.20.1'],
  ])('%s means %s', (asked, release) => {
    expect(ciliumRelease(asked)).toBe(release)
  })

  test.each(['1.18', '1.19.6', '1.2', '1', 'latest', ''])('%j is refused, with those that there are', (asked) => {
    expect(() => ciliumRelease(asked)).toThrow(
      `received Cilium version "${asked}", expected one of those that labs are pinned to: 1.19 (1.19.7), 1.20 (1.20.1)`)
  })

  test('has a node image of its own, which tells the release', () => {
    const names = [...versions.cilium.map((release) => ciliumNode([release])), ciliumNode(versions.cilium)]
    expect(new Set(names).size).toBe(3)
    expect(names[2]).toMatch(/^proofbook\/node:v1\.36\.\d+-cilium-1\.19\.7-1\.20\.1-[0-9a-f]{12}$/)
    expect(names[0]).toMatch(/^proofbook\/node:v1\.36\.\d+-cilium-1\.19\.7-[0-9a-f]{12}$/)
  })

  test.each([
    [undefined, '1.19.7'], ['1.20', '1.20.1'], ['1.19, 1.20', '1.19.7, 1.20.1'], ['1.20.1,v1.19.7', '1.20.1, 1.19.7'], ['1.19, 1.19.7', '1.19.7'],
  ])('%s asks a lab to hold %s', (asked, held) => {
    expect(versionsOf(ciliumReleases(asked))).toBe(held)
  })

  test.each(['1.19, 1.18', '1.19,', ','])('%j: every part is looked at', (asked) => {
    expect(() => ciliumReleases(asked)).toThrow('expected one of those that labs are pinned to')
  })

  test.each([
    ['1.19.7', '1.19', true], ['1.19.7', 'v1.19.7', true], ['1.19.7, 1.20.1', '1.19', true], ['1.19.7, 1.20.1', '1.19, 1.20', true],
    // the first one is what runs
    ['1.19.7, 1.20.1', '1.20', false], ['1.20.1, 1.19.7', '1.19, 1.20', false],
    ['1.19.7', '1.19, 1.20', false], ['1.20.1', '1.19', false], [undefined, '1.19', false],
  ])('a lab with %s stands for one with %s: %s', (has, wanted, does) => {
    expect(holds(has, wanted)).toBe(does)
  })

  test('says what stands in for dependencies that are refused, where there are such', () => {
    expect(ciliumNote('v1.20.1')).toContain('with github.com/osrg/gobgp/v4 v4.7.0 and sigs.k8s.io/mcs-api/controllers v0.0.0-')
    expect(ciliumNote('v1.19.7')).not.toContain('in place of')
  })
})

describe('Helm is told', () => {
  const values = (sysResource: boolean) => ciliumValues({ version: '1.19.7', podNetwork: '10.244.0.0/16', sysResource }) as {
    image: object, operator: { image: object }, hubble: { relay: { image: object } }, ipam: object
    securityContext?: { capabilities: Record<string, string[]> }
  }

  test('images by tag, never by a digest of upstream\'s, which a build of ours has not', () => {
    const { image, operator, hubble } = values(true)
    for (const told of [image, operator.image, hubble.relay.image]) {
      expect(told).toEqual({ tag: 'v1.19.7', useDigest: false, pullPolicy: 'IfNotPresent' })
    }
  })

  test('the cluster\'s own pod network', () => {
    expect(values(true).ipam).toEqual({ mode: 'cluster-pool', operator: { clusterPoolIPv4PodCIDRList: ['10.244.0.0/16'], clusterPoolIPv4MaskSize: 24 } })
  })

  test('no capability that the machine cannot give, and the chart\'s own where it can', () => {
    expect(values(true).securityContext).toBeUndefined()
    const { ciliumAgent, cleanCiliumState } = values(false).securityContext!.capabilities
    expect(ciliumAgent).toContain('SYS_ADMIN')
    expect([...ciliumAgent!, ...cleanCiliumState!]).not.toContain('SYS_RESOURCE')
  })
})

describe('a lab that holds Cilium beside another network', () => {
  const host = (name: string) => hostNamed(topologyNamed('cluster-and-outside'), name)!
  const tools = { kubectl: '/cache/kubectl', vegeta: '/cache/vegeta' }
  const withCilium = { ...tools, helm: '/cache/helm', ciliumChart: '/cache/chart', fluxDefinitions: '/cache/flux.yaml' }

  test('has Helm and the chart on the workstation, and nowhere else', () => {
    expect(toolsOf(host('client'), withCilium)).toEqual({
      ...toolsOf(host('client'), tools), '/usr/local/bin/helm': '/cache/helm', '/usr/local/share/charts/cilium': '/cache/chart', '/usr/local/share/crds/flux.yaml': '/cache/flux.yaml',
    })
    expect(toolsOf(host('outside'), withCilium)).toEqual({})
  })

  test('has each further chart in a folder by its version', () => {
    const two = toolsOf(host('client'), { ...withCilium, furtherCharts: { '1.20.1': '/cache/other' } })
    expect(two).toEqual({ ...toolsOf(host('client'), withCilium), '/usr/local/share/charts/1.20.1/cilium': '/cache/other' })
    expect([...Object.keys(two), '/usr/local/share/charts/1.20.1'].filter(isKept)).toEqual([
      '/usr/local/bin/kubectl', '/usr/local/bin/vegeta', '/usr/local/bin/helm', '/usr/local/share/charts/1.20.1'])
  })

  test('which no reset writes: Docker refuses to, since it is bound read-only', () => {
    const folders = Object.keys(toolsOf(host('client'), withCilium)).filter(path => path.startsWith('/usr/local/share'))
    expect(folders).toHaveLength(2)
    for (const folder of folders) expect([folder, `${folder}/Chart.yaml`].map(isKept)).toEqual([false, false])
    expect(isKept('/usr/local/share/charts')).toBe(true)
  })

  test('and another lab has neither', () => {
    expect(Object.keys(toolsOf(host('client'), tools))).toEqual(['/usr/local/bin/kubectl', '/usr/local/bin/vegeta'])
  })
})
