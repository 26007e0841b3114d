/** Measures the traffic of a lab: brings the prober to its nodes and its client, and takes it and its records away again. */
import { join } from 'node:path'
import { asked, asking, FOLDER, NAMESPACE, outside, WEB, type TrafficPlan } from '../probe/traffic/manifests.ts'
import type { Progress } from '../report/progress.ts'
import type { Flow } from '../runbook/traffic.ts'
import type { Measured, Measuring } from '../target/target.ts'
import { LabError } from './errors.ts'
import { docker, exec, put } from './hosts/docker.ts'
import { ask } from './images/run.ts'
import { prober } from './images/small.ts'
import { newContext } from './images/ensure.ts'
import type { Lab } from './lab.ts'
import { nodes, servers, type HostPlan } from './topology/topology.ts'
import { workloads } from './versions.ts'

/** Milliseconds until every flow must have been answered once, and between two looks. */
const PATIENCE = 120_000
const PAUSE = 500

const silent: Progress = { stage: async (_, work) => work(() => undefined), note: () => undefined }

/** Path of the program on this machine, built where it is not there. */
export const bringProber = async (progress: Progress, signal: AbortSignal): Promise<string> =>
  join(await prober.make(newContext(progress, signal)), 'prober')

/**
 * Resolves when each flow was answered.
 * @throws LabError naming those that were not; everything of it is gone then
 */
export async function measure(lab: Lab, flows: readonly Flow[], signal: AbortSignal): Promise<Measuring> {
  const { topology, container } = lab
  const places = [...nodes(topology), ...topology.hosts.filter(({ name }) => name === 'client')]
  const plan: TrafficPlan = { flows, image: workloads.echo, api: servers(topology).map(({ address }) => `https://${address}:6443`) }
  try {
    const program = await bringProber(silent, signal)
    await Promise.all(places.map(({ name }) => bring(container(name), program)))
    const service = await startApplication(lab, plan, signal)
    await apply(lab, asking(plan, service.address))
    await startOnClient(lab, plan, service.nodePort)
    await answered(lab, places, flows, signal)
  } catch (error) {
    await remove(lab, places).catch(() => undefined)
    signal.throwIfAborted()
    throw error
  }
  const from = Date.now()
  return {
    async stop(): Promise<Measured> {
      const to = Date.now()
      const records = (await Promise.all(places.map(place => recordsOf(lab, place)))).flat()
      await remove(lab, places)
      return { from, to, records }
    },
  }
}

async function bring(container: string, program: string): Promise<void> {
  await exec(container, ['sh', '-c', `rm -rf ${FOLDER}; mkdir -p ${FOLDER}/records`])
  await docker(['cp', program, `${container}:${FOLDER}/prober`])
}

const apply = (lab: Lab, objects: readonly object[]): Promise<string> | undefined =>
  objects.length === 0 ? undefined : lab.kubectl(['apply', '--filename', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }) })

async function startApplication(lab: Lab, plan: TrafficPlan, signal: AbortSignal): Promise<{ address: string, nodePort: string }> {
  await apply(lab, asked(plan))
  await lab.kubectl(['--namespace', NAMESPACE, 'rollout', 'status', `deployment/${WEB}`, `--timeout=${PATIENCE}ms`], { signal })
  const out = await lab.kubectl(['--namespace', NAMESPACE, 'get', 'service', WEB, '--output', 'jsonpath={.spec.clusterIP} {.spec.ports[0].nodePort}'])
  const [address = '', nodePort = ''] = out.split(' ')
  return { address, nodePort }
}

/** A program of the client's own, which is outside of the cluster and stays whatever becomes of it. */
async function startOnClient(lab: Lab, { flows, api }: TrafficPlan, nodePort: string): Promise<void> {
  const own = flows.filter(flow => outside.includes(flow))
  if (own.length === 0) return
  const client = lab.container('client')
  const inNamespace = ['--namespace', NAMESPACE]
  const [token, ca] = await Promise.all([
    lab.kubectl([...inNamespace, 'create', 'token', 'prober', '--duration=6h']),
    lab.kubectl([...inNamespace, 'get', 'configmap', 'kube-root-ca.crt', '--output', 'jsonpath={.data.ca\\.crt}']),
  ])
  await put(client, `${FOLDER}/account/token`, token, '0600')
  await put(client, `${FOLDER}/account/ca.crt`, ca, '0600')
  const settings = {
    DIR: FOLDER, FROM: 'client', NODE: 'client', NAMESPACE, ACCOUNT: `${FOLDER}/account`, FLOWS: own.join(','), API: api.join(','),
    HTTP: nodes(lab.topology).map(({ address }) => `http://${address}:${nodePort}/`).join(','),
  }
  await docker(['exec', '--detach', ...Object.entries(settings).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    client, 'sh', '-c', `echo $$ > ${FOLDER}/pid; exec ${FOLDER}/prober ask 2> ${FOLDER}/log`])
}

/** Waits until the last answer of every flow is a good one, everywhere. */
async function answered(lab: Lab, places: readonly HostPlan[], flows: readonly Flow[], signal: AbortSignal): Promise<void> {
  const latest = performance.now() + PATIENCE
  for (;;) {
    signal.throwIfAborted()
    const missing = (await Promise.all(places.map(place => notAnswered(lab, place, flows)))).flat()
    if (missing.length === 0) return
    if (performance.now() > latest) {
      throw new LabError(`traffic could not be measured, since it is not answered before the first step: ${missing.join(', ')}`)
    }
    await new Promise(resolve => { setTimeout(resolve, PAUSE) })
  }
}

/** `dns from a1: timeout` */
async function notAnswered(lab: Lab, { name, kind }: HostPlan, flows: readonly Flow[]): Promise<string[]> {
  const own = flows.filter(flow => outside.includes(flow) === (kind === 'machine'))
  if (own.length === 0) return []
  const out = await exec(lab.container(name), ['sh', '-c', `cd ${FOLDER}/records; for flow; do echo "$flow $(tail -n 1 "$flow".* 2> /dev/null)"; done`, 'last', ...own])
  return out.trim().split('\n').flatMap((line) => {
    const [flow, , word = 'not asked'] = line.split(' ')
    return word === 'ok' ? [] : [`${flow} from ${name}: ${word}`]
  })
}

async function recordsOf(lab: Lab, { name }: HostPlan): Promise<Measured['records']> {
  const out = await exec(lab.container(name), ['sh', '-c', `cd ${FOLDER}/records; for file in *; do test ! -e "$file" || { echo "= \${file%%.*}"; cat "$file"; }; done`])
  return out.split(/^= /m).slice(1).map((part) => {
    const end = part.indexOf('\n')
    return { flow: part.slice(0, end), from: name, text: part.slice(end + 1) }
  })
}

async function remove(lab: Lab, places: readonly HostPlan[]): Promise<void> {
  await ask(['docker', 'exec', lab.container('client'), 'sh', '-c', `kill "$(cat ${FOLDER}/pid)"`])
  await lab.kubectl(['delete', 'namespace', NAMESPACE, '--ignore-not-found', '--timeout=90s'])
  await Promise.all(places.map(({ name }) => exec(lab.container(name), ['rm', '-rf', FOLDER])))
}
