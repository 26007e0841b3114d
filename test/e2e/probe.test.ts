/** The probe of a cluster's network on a real one: all well, then one thing broken at a time. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { kubeconfigPath } from '../../src/lab/cluster/kind.ts'
import { exec } from '../../src/lab/hosts/docker.ts'
import { bringUp, down, type Lab } from '../../src/lab/lab.ts'
import { bringProbeImage, clientOf, shortNames } from '../../src/lab/probe.ts'
import { topologyNamed } from '../../src/lab/topology/topologies.ts'
import { openBench, type Bench } from '../../src/probe/bench.ts'
import { benchFor, measureCluster } from '../../src/probe/cluster.ts'
import { measureEnforcement } from '../../src/probe/enforcement.ts'
import { LABEL } from '../../src/probe/manifests.ts'
import { networkProblems } from '../../src/probe/problems.ts'
import { probeNames, type ProbeResult } from '../../src/probe/result.ts'
import { cutIsMeasured } from './cut.ts'
import { MATRIX, measuredIn } from './enforcement.ts'
import { proofbook, start } from './proofbook.ts'
import { progress } from './progress.ts'

const LAB = 'e2e-probe'
const NODES = ['s1', 'a1', 'a2']
const { signal } = new AbortController()
let lab: Lab
let bench: Bench | undefined
let short: (node: string) => string

const on = (host: string, script: string): Promise<string> => exec(lab.container(host), ['bash', '-ec', script])
/** Every result, with the lab's names; a shorter wait than by default, since here most of it is for what never comes. */
const measure = async (within?: number): Promise<ProbeResult[]> => {
  const results = await measureCluster(bench!, { client: clientOf(lab), ...within !== undefined && { within } })
  return results.map(result => ({ ...result, from: short(result.from), to: short(result.to) }))
}
const flows = (results: readonly ProbeResult[], ok: boolean): string[] =>
  results.filter(result => result.ok === ok).map(({ name, from, to }) => `${name} ${from} ${to}`.trim())
const namespaces = (): Promise<string> => lab.kubectl(['get', 'namespaces', '--selector', LABEL, '--output=name'])

beforeAll(async () => {
  lab = await bringUp({ name: LAB, target: 'kind', cni: 'flannel', topology: topologyNamed('cluster') }, progress, { signal })
  short = shortNames(lab)
  await bringProbeImage(lab, progress, signal)
  bench = await openBench(lab.kubectl, await benchFor(lab.kubectl, { signal }))
})

afterAll(async () => {
  await bench?.[Symbol.asyncDispose]()
  const left = await namespaces()
  await down(LAB)
  expect(left).toBe('')
})

test('everything works, and every question was asked', async () => {
  const results = await measure()
  expect(flows(results, false)).toEqual([])
  expect(results.filter(({ ok }) => ok === null)).toEqual([])
  expect([...new Set(results.map(({ name }) => name))]).toEqual(Object.keys(probeNames))
  const nodes = NODES.length
  expect(results).toHaveLength(nodes * (1 + nodes + nodes + 2 * (nodes - 1) + 2 + 2 + nodes + 1))
  expect(results.filter(({ name }) => name === 'mtu').map(({ detail }) => detail)).toEqual(Array(6).fill('1450 bytes'))
})

test('as a lab\'s readiness: no problems, in pods of its own', async () => {
  const before = await namespaces()
  expect(await networkProblems(lab.kubectl)).toEqual([])
  expect(await namespaces()).toBe(before)
})

describe('exactly what is broken fails', () => {
  const broken = async (): Promise<string> => {
    const out = await lab.kubectl(['-n', 'kube-system', 'get', 'pods', '-l', 'k8s-app=kube-dns', '-o', 'jsonpath={.items[*].spec.nodeName}'])
    const serving = out.split(' ').map(short)
    return NODES.find(node => !serving.includes(node)) ?? 'all nodes serve DNS'
  }

  test('one node drops what comes through the tunnel', async () => {
    // One without a DNS server, whose pods then have none.
    const node = await broken()
    await on(node, 'iptables -I INPUT -p udp --dport 8472 -j DROP')
    try {
      const across = (name: string): string[] => NODES.filter(other => other !== node).flatMap(other => [`${name} ${other} ${node}`, `${name} ${node} ${other}`])
      const expected = [...across('pod-to-pod'), ...across('node-to-pod'), ...across('mtu'), `dns-name ${node}`, `dns-domain ${node}`]
      expect(flows(await measure(3_000), false).sort()).toEqual(expected.sort())
    } finally {
      await on(node, 'iptables -D INPUT -p udp --dport 8472 -j DROP')
    }
    expect(flows(await measure(), false)).toEqual([])
  })

  test('no DNS server runs', async () => {
    const scale = (replicas: number): Promise<string> => lab.kubectl(['-n', 'kube-system', 'scale', 'deployment/coredns', `--replicas=${replicas}`])
    await scale(0)
    await lab.kubectl(['-n', 'kube-system', 'wait', '--for=delete', 'pods', '-l', 'k8s-app=kube-dns', '--timeout=60s'])
    try {
      const failed = flows(await measure(3_000), false)
      expect(failed.sort()).toEqual(NODES.flatMap(node => [`dns-name ${node}`, `dns-domain ${node}`]).sort())
    } finally {
      await scale(2)
      await lab.kubectl(['-n', 'kube-system', 'rollout', 'status', 'deployment/coredns', '--timeout=120s'])
    }
  })

  test('a node takes no NodePort from outside', async () => {
    await on('a2', 'iptables -t raw -I PREROUTING -i enp1s0 -p tcp --dport 30000:32767 -j DROP')
    try {
      expect(flows(await measure(3_000), false)).toEqual(['nodeport-from-client client a2'])
    } finally {
      await on('a2', 'iptables -t raw -D PREROUTING -i enp1s0 -p tcp --dport 30000:32767 -j DROP')
    }
  })

  // Last: pods remember the width of a path for ten minutes.
  test('the tunnel of one node admits less than its pods send', async () => {
    await on('a1', 'ip link set flannel.1 mtu 1400')
    try {
      const failed = (await measure(3_000)).filter(({ ok }) => ok === false)
      expect(failed.map(({ name, from, to }) => `${name} ${from} ${to}`)).toEqual(['mtu a1 s1', 'mtu a1 a2'])
      expect(failed.map(({ detail }) => detail)).toEqual(Array(2).fill(expect.stringContaining('the path takes only 1400 bytes')))
    } finally {
      await on('a1', 'ip link set flannel.1 mtu 1450')
    }
  })
})

test('flannel enforces no NetworkPolicy', async () => {
  const { verdict, why, results } = await measureEnforcement(lab.kubectl, bench!, { within: 5_000 })
  expect({ verdict, why }).toEqual({ verdict: 'not-enforced', why: 'all of 6 flows went on under a default-deny' })
  expect(results.filter(({ name }) => name === 'not-named').every(({ ok }) => ok)).toBe(true)
})

describe('of policies, where nothing enforces them', () => {
  // The same matrix holds with Cilium: cilium.test.ts.
  test('exactly the cells that should be denied differ, and are named', async () => {
    const { exit, told: { summary, cells } } = await measuredIn(LAB, 'not enforced, as it must be: ')
    expect(exit).toBe(1)
    const denials = cells.filter(cell => cell.expect === 'deny')
    expect(cells.filter(({ ok }) => !ok)).toEqual(denials)
    expect(denials.every(({ outcome, why }) => outcome === 'allow' && why.includes('expected deny'))).toBe(true)
    expect(summary).toMatchObject({ cells: 36, held: 12, differ: 24, enforced: false })
  })

  test('an audit names the line that kubectl prints, and changes nothing', async () => {
    const all = (): Promise<string> => lab.kubectl(['get', 'networkpolicies,deployments,namespaces', '--all-namespaces', '--output=name'])
    await lab.kubectl(['apply', '--filename=-'], { input: JSON.stringify({
      apiVersion: 'v1', kind: 'List', items: [
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'audited' } },
        { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'api', namespace: 'audited' }, spec: { replicas: 0, selector: { matchLabels: { app: 'api' } }, template: { metadata: { labels: { app: 'api' } }, spec: { containers: [{ name: 'c', image: 'none.invalid/none' }] } } } },
        { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'typo', namespace: 'audited' }, spec: { podSelector: { matchLabels: { app: 'apis' } }, policyTypes: ['Ingress'] } },
      ],
    }) })
    const before = await all()
    const { exit, stdout } = await proofbook(['policy', 'audit', '--lab', LAB, '--namespace', 'audited', '--json'], { as: 'audited, and wrong on purpose: ' })
    const { findings: [first, ...more] } = JSON.parse(stdout) as { findings: { rule: string, line: number, text: string }[] }
    expect(exit).toBe(1)
    expect([first, ...more].map(finding => finding?.rule)).toEqual(['selects-nothing', 'unselected'])
    const printed = (await lab.kubectl(['get', 'networkpolicy', 'typo', '--namespace', 'audited', '--output=yaml'])).split('\n')
    expect(printed[first!.line - 1]?.trim()).toBe(first!.text)
    expect(first!.text).toMatch(/podSelector:|matchLabels:/)
    expect(await all()).toBe(before)
    await lab.kubectl(['delete', 'namespace', 'audited', '--timeout=60s'])
  })

  test('an account that may not make pods is told so, and nothing was made', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'proofbook-'))
    try {
      await lab.kubectl(['create', 'serviceaccount', 'reader', '--namespace', 'default'])
      const token = (await lab.kubectl(['create', 'token', 'reader', '--namespace', 'default'])).trim()
      const config = parse(await readFile(kubeconfigPath(lab.folder), 'utf8')) as { users: { user: object }[] }
      config.users[0]!.user = { token }
      await writeFile(join(folder, 'kubeconfig'), stringify(config))
      const before = await namespaces()
      const { exit, stderr } = await proofbook(['policy', 'matrix', MATRIX, '--kubeconfig', join(folder, 'kubeconfig')], { as: 'refused, as it must be: ', env: { PATH: `${dirname(lab.record.programs.kubectl)}:${process.env.PATH}` } })
      expect(stderr).toContain('you may not create namespaces')
      expect(stderr).not.toContain('unexpected error')
      expect(exit).toBe(3)
      expect(await namespaces()).toBe(before)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('the command', () => {
  test('prints a document, exit 0; another verdict than expected is exit 1', async () => {
    const { exit, stdout } = await proofbook(['lab', 'probe', '--lab', LAB, '--json', '--expect', 'enforced'])
    const { results, enforcement } = JSON.parse(stdout) as { results: ProbeResult[], enforcement: { verdict: string } }
    expect(results.filter(({ ok }) => ok === false)).toEqual([])
    expect(enforcement.verdict).toBe('not-enforced')
    expect(exit).toBe(1)
  })

  test('leaves nothing behind on Ctrl-C', async () => {
    const before = await namespaces()
    const { process: child, ended } = start(['lab', 'probe', '--lab', LAB])
    await expect.poll(namespaces, { timeout: 60_000 }).not.toBe(before)
    child.kill('SIGINT')
    expect((await ended).exit).toBe(130)
    expect(await namespaces()).toBe(before)
  })
})

// Last: a page is verified in a lab as it was made, so the bench goes.
describe('traffic', () => {
  beforeAll(async () => {
    await bench![Symbol.asyncDispose]()
    bench = undefined
  })

  cutIsMeasured(LAB)
})
