/** What installs Cilium: the chart of the release, and Helm. */
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { versions } from '../../versions.ts'
import { ask } from '../run.ts'
import { download, goBuild } from '../go-build.ts'
import { product, type Context, type Product } from '../product.ts'
import type { CiliumRelease } from './release.ts'

/** On the cluster's own Kubernetes libraries, a patch release above those that this Helm names: they are compiled already. */
export const helm = goBuild({
  name: 'helm',
  module: 'helm.sh/helm/v4',
  version: versions.helm,
  commands: ['helm.sh/helm/v4/cmd/helm'],
  ldflags: `-X helm.sh/helm/v4/internal/version.version=${versions.helm}`,
  goMod: ['apiextensions-apiserver', 'apiserver', 'cli-runtime', 'client-go', 'kubectl'].map((name) => `require k8s.io/${name} ${versions.staging}`),
})

/** Path of the pinned Helm: ours where it is made already, else the one on PATH when it is that version, else ours. */
export async function supplyHelm(context: Context): Promise<string> {
  const version = async (): Promise<string | undefined> => (await ask(['helm', 'version', '--template', '{{.Version}}']))?.trim()
  // absolute: a lab's client has it too
  const onPath = !helm.exists() && await version() === versions.helm ? (await ask(['sh', '-c', 'command -v helm']))?.trim() : undefined
  return onPath ?? join(await helm.make(context), 'helm')
}

export const ciliumChart = (release: CiliumRelease): Product =>
  product('cilium-chart', release, [], async (folder, _, context) => {
    await context.inLane('fetch', () => context.progress.stage(`fetch the chart of Cilium ${release}`, async () => {
      const module = await download(context, 'github.com/cilium/cilium', release)
      await cp(join(module, 'install', 'kubernetes', 'cilium'), join(folder, 'cilium'), { recursive: true })
    }))
  })

/** Folder of the chart. */
export const supplyChart = async (context: Context, release: CiliumRelease): Promise<string> =>
  join(await ciliumChart(release).make(context), 'cilium')
