/** Between Cilium's two ways of carrying packets, as the page cni/cilium-routing-modes does it: all agents at once. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse, stringify } from 'yaml'
import { kubeconfigPath } from '../../../src/lab/cluster/kind.ts'
import { run } from '../../../src/lab/images/run.ts'
import type { Lab } from '../../../src/lab/lab.ts'

export interface Chart {
  readonly helm: string
  readonly ciliumChart: string
}

type Mode = 'Tunnel' | 'Native'

/** Milliseconds until every agent must say that it works that way. */
const PATIENCE = 300_000

interface Values {
  readonly tunnelProtocol?: string
  readonly ipam: { readonly operator: { readonly clusterPoolIPv4PodCIDRList: readonly string[] } }
}

/** Of what `cilium-dbg status` prints: `Routing:   Network: Tunnel [vxlan]   Host: Legacy`. */
export const modeIn = (status: string): string | undefined => /^Routing:\s+Network:\s+(\w+)/m.exec(status)?.[1]

/** The lab's own values, changed as little as native routing needs. */
export function nativeValues(values: Values): object {
  const { tunnelProtocol: _, ...rest } = values
  return { ...rest, routingMode: 'native', ipv4NativeRoutingCIDR: values.ipam.operator.clusterPoolIPv4PodCIDRList[0], autoDirectNodeRoutes: true }
}

export async function route(lab: Lab, mode: Mode, { helm, ciliumChart }: Chart, signal: AbortSignal): Promise<void> {
  const made = join(lab.folder, 'cilium-values.yaml')
  const file = mode === 'Tunnel' ? made : join(lab.folder, 'cilium-values-native.yaml')
  if (mode === 'Native') await writeFile(file, stringify(nativeValues(parse(await readFile(made, 'utf8')) as Values)))
  const home = Object.fromEntries(['CACHE', 'CONFIG', 'DATA'].map(kind => [`HELM_${kind}_HOME`, join(lab.folder, 'helm', kind.toLowerCase())]))
  await run([helm, 'upgrade', 'cilium', ciliumChart, '--namespace', 'kube-system', '--values', file, '--reset-values',
    '--kubeconfig', kubeconfigPath(lab.folder)], { signal, env: home })
  const inSystem = ['--namespace', 'kube-system']
  await lab.kubectl([...inSystem, 'delete', 'pods', '--selector', 'k8s-app=cilium'], { signal })
  await lab.kubectl([...inSystem, 'rollout', 'status', 'daemonset/cilium', `--timeout=${PATIENCE}ms`], { signal })
  const latest = performance.now() + PATIENCE
  for (;;) {
    const problems = [...await lab.healthy(), ...await otherModes(lab, mode)]
    if (problems.length === 0) return
    if (performance.now() > latest) throw new Error(`Cilium does not work in mode ${mode}: ${problems.join('; ')}`)
    await sleep(1_000, undefined, { signal })
  }
}

async function otherModes(lab: Lab, mode: Mode): Promise<string[]> {
  const inSystem = ['--namespace', 'kube-system']
  const pods = (await lab.kubectl([...inSystem, 'get', 'pods', '--selector', 'k8s-app=cilium', '--output=name'])).trim().split('\n')
  const said = await Promise.all(pods.map(async pod => [pod, await lab.kubectl([...inSystem, 'exec', pod, '--container', 'cilium-agent', '--', 'cilium-dbg', 'status'])
    .catch((error: Error) => error.message)] as const))
  return said.flatMap(([pod, text]) => modeIn(text) === mode ? [] : [`${pod} is not in mode ${mode}`])
}
