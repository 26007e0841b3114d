/**
 * npm run bench:lab: how long a lab takes against what kind alone takes with the same node image and no network, and
 * a reset against a new lab; in the same rounds, so that a busy machine weighs on all alike. Wall-clock seconds.
 * Exit 1 when a ratio is above its bound.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureImages } from '../../src/lab/images/ensure.ts'
import { bringUp, type Lab } from '../../src/lab/lab.ts'
import { exec } from '../../src/lab/hosts/docker.ts'
import { setup } from '../../src/lab/setup.ts'
import { workloads } from '../../src/lab/versions.ts'
import { topologyNamed } from '../../src/lab/topology/topologies.ts'
import type { Progress } from '../../src/report/progress.ts'
import { median } from './measure.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 3)
const LAB = 'bench'
const progress: Progress = { stage: (_, work) => work(() => undefined), note: () => undefined }
const signal = new AbortController().signal

await setup(progress, { yes: true })
const { kind, node } = await ensureImages(progress, { cni: 'flannel' })
const folder = mkdtempSync(join(tmpdir(), 'proofbook-bench-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const config = join(folder, 'kind.yaml')
writeFileSync(config, `kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
networking: { disableDefaultCNI: true }
nodes: [{ role: control-plane }, { role: worker }, { role: worker }]
`)

async function seconds(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

function kindAlone(): void {
  const { status, stderr } = spawnSync(kind, ['create', 'cluster', '--name', `proofbook-${LAB}-alone`, '--image', node,
    '--config', config, '--kubeconfig', join(folder, 'kubeconfig')], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`kind create cluster: exit ${status}\n${stderr}`)
}

const removeAlone = () => spawnSync(kind, ['delete', 'cluster', '--name', `proofbook-${LAB}-alone`, '--kubeconfig', join(folder, 'kubeconfig')])

/** What a namespaced runbook leaves when it is cut off in the middle, and a little on each node. */
async function mess(lab: Lab): Promise<void> {
  await lab.kubectl(['create', 'namespace', 'left'])
  await lab.kubectl(['--namespace', 'left', 'create', 'deployment', 'web', `--image=${workloads.echo}`, '--replicas=4'])
  for (const host of ['s1', 'a1']) await exec(lab.container(host), ['sh', '-c', 'echo x > /etc/left; ip link add left0 type bridge'])
}

const times: Record<'alone' | 'up' | 'reset', number[]> = { alone: [], up: [], reset: [] }
for (let round = 1; round <= ROUNDS; round++) {
  times.alone.push(await seconds(kindAlone))
  removeAlone()
  let lab: Lab | undefined
  times.up.push(await seconds(async () => {
    lab = await bringUp({ name: LAB, target: 'kind', topology: topologyNamed('cluster'), cni: 'flannel' }, progress, { signal })
  }))
  await mess(lab!)
  times.reset.push(await seconds(async () => {
    const { pristine, left } = await lab!.reset(signal)
    if (!pristine) throw new Error(`not pristine after reset:\n${left.join('\n')}`)
  }))
  await lab!.down()
  console.log(`round ${round}: ${Object.entries(times).map(([what, all]) => `${what} ${all.at(-1)!.toFixed(1)} s`).join(', ')}`)
}

const ratios = [
  ['lab up, one server and two agents with Flannel / kind create cluster without a network', median(times.up) / median(times.alone), 1.3],
  ['lab reset / lab up', median(times.reset) / median(times.up), 0.25],
] as const
for (const [name, ratio, bound] of ratios) {
  const holds = ratio <= bound
  console.log(`${name}: ${ratio.toFixed(2)} (at most ${bound}) ${holds ? 'ok' : 'TOO SLOW'}`)
  if (!holds) process.exitCode = 1
}
