/** Cilium, by its own Helm chart. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Making } from '../bring-up.ts'
import { kubeconfigPath } from '../cluster/kind.ts'
import type { Kubectl } from '../cluster/kubectl.ts'
import { lacksSysResource } from '../doctor/docker.ts'
import { LabError } from '../errors.ts'
import { daemonSetProblems, deploymentProblems, noAnswer } from '../health.ts'
import { ciliumReleases } from '../images/cilium/release.ts'
import { run } from '../images/run.ts'
import type { Cni } from './cni.ts'
import { ciliumValues } from './cilium-values.ts'

/** Defaults of kind and of k3s. */
const POD_NETWORKS = { kind: '10.244.0.0/16', k3d: '10.42.0.0/16' } as const

export const cilium: Cni = {
  name: 'cilium',
  byDefault: false,
  network: true,

  async install({ parts, folder, backend, signal }: Making, update) {
    const { helm, ciliumChart, ciliumVersion } = parts
    if (helm === undefined || ciliumChart === undefined || ciliumVersion === undefined) {
      throw new LabError('the parts of this lab were made without Cilium; expected Helm and a chart. Try: proofbook lab images build --cni cilium')
    }
    const file = join(folder, 'cilium-values.yaml')
    const version = ciliumReleases(ciliumVersion)[0].slice(1)
    const podNetwork = POD_NETWORKS[backend.name]
    await writeFile(file, stringify(ciliumValues({ version, podNetwork, sysResource: !lacksSysResource(), cniPaths: backend.cniPaths })))
    update(`helm install cilium ${version}`)
    await run([helm, 'upgrade', '--install', 'cilium', ciliumChart, '--namespace', 'kube-system', '--values', file,
      '--kubeconfig', kubeconfigPath(folder)], { signal, env: ownHelm(folder) })
  },

  async problems(kubectl, count) {
    const found = await Promise.all([
      daemonSetProblems(kubectl, 'kube-system', 'cilium', count),
      deploymentProblems(kubectl, 'kube-system', 'cilium-operator'),
    ])
    return found.some(problems => problems.length > 0) ? found.flat() : agentProblems(kubectl)
  },
}

/** The user's own Helm settings, plugins and repositories stay out of it. */
const ownHelm = (folder: string): Record<string, string> => Object.fromEntries(
  ['CACHE', 'CONFIG', 'DATA'].map(kind => [`HELM_${kind}_HOME`, join(folder, 'helm', kind.toLowerCase())]))

/** What each agent says of itself: its datapath is loaded and its connection to the API works. */
async function agentProblems(kubectl: Kubectl): Promise<string[]> {
  const names = await kubectl(['-n', 'kube-system', 'get', 'pods', '-l', 'k8s-app=cilium', '--request-timeout=5s', '--output=name'])
    .catch((error: Error) => error)
  if (names instanceof Error) return [noAnswer(names)]
  const problems = await Promise.all(names.trim().split('\n').map(async (pod) => {
    const said = await kubectl(['-n', 'kube-system', 'exec', pod, '--container', 'cilium-agent', '--', 'cilium-dbg', 'status', '--brief'])
      .catch((error: Error) => error.message)
    return said.trim() === 'OK' ? [] : [`${pod}: cilium-dbg status: ${said.trim().split('\n').at(-1)}`]
  }))
  return problems.flat()
}
