/** Runs kind. */
import { join } from 'node:path'
import { readFile, writeFile } from 'node:fs/promises'
import { run } from '../images/run.ts'
import { clusterName, networkName } from '../names.ts'
import { dockerWithoutProxies, NO_PROXIES } from '../proxy.ts'

export interface CreateOptions {
  readonly lab: string
  readonly folder: string
  /** Path of the kind program. */
  readonly kind: string
  /** Node image. */
  readonly image: string
  readonly config: string
  /** Nodes may use the proxies of this machine. */
  readonly egress: boolean
  readonly signal: AbortSignal
  /** What kind says it is doing. */
  readonly onStep: (step: string) => void
}

/** For kubectl on this machine, through the port that Docker publishes on the loopback address. */
export const kubeconfigPath = (folder: string): string => join(folder, 'kubeconfig')

/** Creates the cluster; its nodes need not be Ready yet. On failure nothing is removed here: that is for the lab. */
export async function createCluster({ lab, folder, kind, image, config, egress, signal, onStep }: CreateOptions): Promise<void> {
  const file = join(folder, 'kind.yaml')
  await writeFile(file, config)
  await run([kind, 'create', 'cluster', '--name', clusterName(lab), '--config', file, '--image', image,
    '--kubeconfig', kubeconfigPath(folder), '--wait', '0', '--retain'], {
    env: { KIND_EXPERIMENTAL_DOCKER_NETWORK: networkName(lab), KIND_EXPERIMENTAL_PROVIDER: 'docker', ...egress ? {} : { ...NO_PROXIES, ...await dockerWithoutProxies(folder) } },
    signal,
    onLine: (line) => {
      const step = /^[•✓✗] (.+?)(?: \.\.\.)?$/u.exec(line)?.[1]
      if (step !== undefined) onStep(step)
    },
  })
}

/** The name of its only context. */
export async function contextOf(folder: string): Promise<string> {
  const [, context = ''] = /^current-context: "?([^"\n]+)/m.exec(await readFile(kubeconfigPath(folder), 'utf8')) ?? []
  return context
}

/** The same credentials for a client on the LAN, which talks to that server directly. */
export async function kubeconfigFor(folder: string, server: string): Promise<string> {
  const text = await readFile(kubeconfigPath(folder), 'utf8')
  return text.replace(/^(\s+server: ).*$/m, `$1https://${server}:6443`)
}
