/**
 * k3d, end to end with the real program: a lab of one server and one agent, its life, and how it fails. Where k3s's own
 * image cannot be had its nodes are a stand-in, so that what passes here is k3d and our use of it, not k3s.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { k3dConfig, type K3dConfigOptions } from '../../src/lab/cluster/k3d-config.ts'
import { createCluster, importImages, startCluster, stopCluster, type K3dCluster } from '../../src/lab/cluster/k3d.ts'
import { docker, inspect } from '../../src/lab/hosts/docker.ts'
import { makeK3sNode } from '../../src/lab/images/k3s-node.ts'
import { ask, run } from '../../src/lab/images/run.ts'
import { bringUp, down, type Lab } from '../../src/lab/lab.ts'
import { markFolder } from '../../src/lab/marker.ts'
import { clusterName, label, networkName } from '../../src/lab/names.ts'
import { createNetwork } from '../../src/lab/network/docker-network.ts'
import { closeEgress } from '../../src/lab/network/egress.ts'
import { plug } from '../../src/lab/network/lan.ts'
import { labFolder } from '../../src/lab/state.ts'
import { topologyOf } from '../../src/lab/topology/plan.ts'
import { nodes } from '../../src/lab/topology/topology.ts'
import { workloads } from '../../src/lab/versions.ts'
import type { Progress } from '../../src/report/progress.ts'
import { labTarget } from '../../src/target/lab.ts'

const LAB = 'e2e-k3d'
const progress: Progress = {
  stage: (stage, work) => { console.error(stage); return work(() => undefined) },
  note: line => console.error(line),
}
const { signal } = new AbortController()
let lab: Lab
let cluster: K3dCluster
const containers = (): string[] => nodes(lab.topology).map(({ name }) => lab.container(name))
const well = (): Promise<void> => expect.poll(() => lab.healthy(), { timeout: 150_000, interval: 1_000 }).toEqual([])

/** All that Docker has of a lab, by our label and by k3d's. */
async function left(name: string): Promise<string[]> {
  const lists = await Promise.all([label(name), `k3d.cluster=${clusterName(name)}`].flatMap(text => [
    docker(['ps', '--all', '--filter', `label=${text}`, '--format', 'container {{.Names}}']),
    docker(['network', 'ls', '--filter', `label=${text}`, '--format', 'network {{.Name}}']),
    docker(['volume', 'ls', '--filter', `label=${text}`, '--format', 'volume {{.Name}}']),
  ]))
  return [...new Set(lists.join('').split('\n').filter(line => line !== ''))].sort()
}

beforeAll(async () => {
  const topology = topologyOf({ name: 'custom', servers: 1, agents: 1, machines: [], ingress: true })
  lab = await bringUp({ name: LAB, target: 'k3d', cni: 'flannel', topology }, progress, { signal })
  cluster = { lab: LAB, k3d: lab.record.programs.k3d!, helper: lab.record.images.host, signal }
})

afterAll(() => down(LAB))

describe('one server and one agent', () => {
  test('are Ready, and named and labelled as ours with all that belongs to them', async () => {
    const columns = 'custom-columns=NAME:.metadata.name,READY:.status.conditions[?(@.type=="Ready")].status'
    const ready = (await lab.kubectl(['get', 'nodes', '--no-headers', '--output', columns])).trim().split('\n')
    expect(ready.map(line => line.split(/\s+/)).sort()).toEqual([[`k3d-proofbook-${LAB}-agent-0`, 'True'], [`k3d-proofbook-${LAB}-server-0`, 'True']])
    for (const node of containers()) expect((await inspect(node))?.labels).toMatchObject({ 'proofbook.lab': LAB })
    expect(await docker(['volume', 'ls', '--filter', `label=${label(LAB)}`, '--format', '{{.Name}}'])).toBe(`k3d-proofbook-${LAB}-images\n`)
    expect(await inspect(`k3d-proofbook-${LAB}-tools`)).toBeUndefined()
  })

  test('listen on the loopback address of this machine only', async () => {
    const ports = await Promise.all(containers().map(node => docker(['port', node])))
    expect(ports.join('')).toMatch(/^6443\/tcp -> 127\.0\.0\.1:\d+\n$/)
  })

  test('are a target that says what it is: a stand-in where it is one', async () => {
    const target = await labTarget(lab)
    const standIn = lab.record.images.records.some(({ supply }) => supply === 'stand-in')
    expect(target.facts).toEqual({ target: 'k3d', distro: 'k3s', cni: 'flannel', topology: 'custom', ...standIn ? { 'stand-in': 'true' } : {} })
    expect(target.summary).toContain(standIn ? 'a stand-in for k3s' : 'k3s v1.36')
    const versions = await target.versions()
    expect(versions).toMatchObject({ k3d: 'v5.9.0', kubernetes: expect.stringMatching(/^v1\.36\./) })
    expect(Object.hasOwn(versions, 'k3s')).toBe(!standIn)
  })
})

/** On each node a pod that answers on port 8080. */
const ECHO = `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: stranger }
spec:
  selector: { matchLabels: { app: stranger } }
  template:
    metadata: { labels: { app: stranger } }
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{ name: stranger, image: "${workloads.echo}" }]
`

/** Each node asks the pod on the other one; what went wrong, else nothing. */
async function strangers(): Promise<string> {
  const found = JSON.parse(await lab.kubectl(['get', 'pods', '--selector', 'app=stranger', '--output', 'json'])) as
    { items: { spec: { nodeName: string }, status: { podIP?: string } }[] }
  const pods = found.items.map(({ spec, status }) => ({ node: spec.nodeName, address: status.podIP ?? 'none' }))
  if (new Set(pods.map(({ node }) => node)).size !== 2) return `pods on ${pods.map(({ node }) => node).join(', ')}`
  const answers = await Promise.all(pods.map(({ node }, index) =>
    docker(['exec', node, 'curl', '--silent', '--show-error', '--fail', '--max-time', '4', `http://${pods[1 - index]?.address}:8080/`])
      .then(() => '', (error: Error) => error.message)))
  return answers.join('')
}

describe('the life of the lab', () => {
  test('each node reaches the pods of the other, and not when Flannel\'s packets are dropped', async () => {
    await lab.kubectl(['apply', '--filename', '-'], { input: ECHO })
    await lab.kubectl(['rollout', 'status', 'daemonset/stranger', '--timeout=90s'])
    await expect.poll(strangers, { timeout: 60_000 }).toBe('')
    const vxlan = (change: string): Promise<string> =>
      docker(['exec', lab.container('a1'), 'iptables', change, 'INPUT', '-p', 'udp', '--dport', '8472', '-j', 'DROP'])
    await vxlan('-I')
    expect(await strangers()).toContain('timed out')
    await vxlan('-D')
    await expect.poll(strangers, { timeout: 30_000 }).toBe('')
  })

  test('an archive is on every node after its import, and one that a node did not take is told', async () => {
    const [ref, archive] = ['proofbook/e2e-import:1', `${lab.folder}/import.tar`]
    await run(['sh', '-ec', 'tar --create --directory / etc/hostname | docker import - "$1" && docker save --output "$2" "$1"', 'sh', ref, archive])
    try {
      await expect(importImages({ ...cluster, k3d: 'true' }, containers(), [archive])).rejects.toThrow(`did not take docker.io/${ref}`)
      await importImages(cluster, containers(), [archive])
    } finally {
      await docker(['image', 'rm', ref])
    }
  })

  test('k3d stops and starts it', async () => {
    await stopCluster(cluster)
    expect(await lab.healthy()).toEqual(['s1 is off', 'a1 is off'])
    await startCluster({ ...cluster, timeout: 120 })
    await Promise.all(nodes(lab.topology).map(host => plug(LAB, lab.topology, host, lab.container(host.name))))
    await well()
  })

  test('nodes whose power was cut come back, and so does the traffic', async () => {
    for (const host of ['s1', 'a1']) await lab.power('cut', host)
    expect(await lab.healthy()).toEqual(['s1 is off', 'a1 is off'])
    for (const host of ['s1', 'a1']) await lab.power('on', host)
    await well()
    await expect.poll(strangers, { timeout: 90_000 }).toBe('')
  })

  test('nothing is left after down, volumes without a name neither', async () => {
    const format = '{{range .Mounts}}{{.Name}}\n{{end}}'
    const volumes = (await docker(['container', 'inspect', '--format', format, ...containers()])).split('\n').filter(name => name !== '')
    expect(volumes.length).toBeGreaterThan(6)
    await down(LAB)
    expect(await left(LAB)).toEqual([])
    expect(await Promise.all(volumes.map(name => ask(['docker', 'volume', 'inspect', name])))).toEqual(volumes.map(() => undefined))
  })
})

describe('a cluster alone', () => {
  const BARE = 'e2e-k3d-bare'

  /** A server in a closed network of its own; what is left of it goes with `down`. */
  async function create(changes: Partial<K3dConfigOptions>): Promise<void> {
    const folder = labFolder(BARE)
    await markFolder(folder, BARE)
    await createNetwork(BARE, lab.topology, cluster.helper, folder)
    await closeEgress(BARE, cluster.helper)
    const config = k3dConfig({
      name: clusterName(BARE), image: lab.record.images.node, servers: 1, agents: 0, network: networkName(BARE), labels: [label(BARE)],
      flannel: true, certSANs: [], timeout: 90, ...changes,
    })
    await createCluster({ ...cluster, lab: BARE, folder, config, onStep: () => undefined })
  }

  afterAll(() => down(BARE))

  test('without Flannel is not Ready, and says why', async () => {
    await create({ flannel: false })
    const server = `k3d-proofbook-${BARE}-server-0`
    const message = ['exec', '--env', 'KUBECONFIG=/output/kubeconfig.yaml', server, 'kubectl', 'get', 'node', server, '--output', 'jsonpath={.status.conditions[?(@.type=="Ready")].message}']
    await expect.poll(() => docker(message).catch(String), { timeout: 60_000 }).toContain('cni plugin not initialized')
    await down(BARE)
    expect(await left(BARE)).toEqual([])
  })

  test('with a flag that k3s does not know fails soon, in k3s\'s words, and leaves nothing', async () => {
    const started = Date.now()
    const failure = await create({ serverArgs: ['--nonsense=1'] }).then(() => 'made', (error: Error) => error.message)
    expect(failure).toContain('k3d could not create the cluster')
    expect(failure).toContain(`docker logs k3d-proofbook-${BARE}-server-0:`)
    expect(failure).toMatch(/flag provided but not defined: -{1,2}nonsense/)
    expect(Date.now() - started).toBeLessThan(60_000)
    expect(await left(BARE)).toContain(`container k3d-proofbook-${BARE}-server-0`)
    await down(BARE)
    expect(await left(BARE)).toEqual([])
  })
})

test('a node of k3s has its programs on Debian, with the settings of its own image', async () => {
  const [k3s, ref] = ['proofbook/e2e-k3s:1', 'proofbook/k3s:e2e']
  const folder = `d=$(mktemp -d); mkdir -p "$d/bin/aux"; printf '#!/bin/bash\\necho "k3s $*"\\n' > "$d/bin/k3s"; chmod 755 "$d/bin/k3s"; ln -s k3s "$d/bin/kubectl"`
  await run(['sh', '-ec', `${folder}; tar --create --directory "$d" bin | docker import - "$1"; rm -r "$d"`, 'sh', k3s])
  try {
    await makeK3sNode(ref, k3s, lab.record.images.host, { signal })
    const inside = (...argv: string[]): Promise<string> => docker(['run', '--rm', '--network', 'none', ...argv])
    expect(await inside(ref, 'server', '--flag')).toBe('k3s server --flag\n')
    expect(await inside('--entrypoint', 'sh', ref, '-c', 'command -v kubectl bash iptables; readlink -f /bin/sh')).toBe('/opt/k3s/bin/kubectl\n/usr/bin/bash\n/usr/sbin/iptables\n/usr/bin/bash\n')
    const [{ Config }] = JSON.parse(await docker(['image', 'inspect', ref])) as [{ Config: { Volumes: object, StopSignal: string, Cmd: string[] } }]
    expect(Config).toMatchObject({ StopSignal: 'SIGTERM', Cmd: ['agent'], Volumes: { '/var/lib/rancher/k3s': {}, '/var/lib/kubelet': {} } })
  } finally {
    for (const image of [ref, k3s]) await ask(['docker', 'image', 'rm', image])
  }
})
