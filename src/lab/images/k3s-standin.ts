/**
 * The layer that turns our own node image into a stand-in for k3s's: a program `k3s` that starts upstream Kubernetes,
 * the paths that k3s uses, and manifests that k3s would deploy. All below it is shared with the node image.
 */
import { join } from 'node:path'
import { versions } from '../versions.ts'
import type { ImageConfig } from './archive.ts'
import { asset } from './assets.ts'
import { nodeKey, nodeLayers } from './node.ts'
import { keyOf, product } from './product.ts'
import { run } from './run.ts'
import { writeTar, type Entry } from './tar.ts'

const SHARE = 'usr/local/share/k3s-standin'
/** First on PATH: `kubectl`, `ctr` and `crictl` find k3s's paths by themselves, as in k3s's image. */
const LINKS = 'usr/local/k3s/bin'

const config: ImageConfig = {
  Entrypoint: ['/bin/k3s'],
  Cmd: ['agent'],
  Env: [`PATH=/${LINKS}:/var/lib/rancher/k3s/data/cni:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`],
  StopSignal: 'SIGTERM',
  // those of k3s's own image
  Volumes: { '/var/lib/kubelet': {}, '/var/lib/rancher/k3s': {}, '/var/lib/cni': {}, '/var/log': {} },
}

const script = asset('k3s-standin.sh').replace('@KUBERNETES@', versions.kubernetes)
const containerd = asset('k3s-standin.toml').replace('@PAUSE@', `registry.k8s.io/pause:${versions.pause}`)

type Edit = readonly [find: string, put: string]
const edits: Readonly<Record<'flannel' | 'local-storage', readonly Edit[]>> = {
  flannel: [
    ['{{ .PodSubnet }}', '@POD_CIDR@'],
    ['/etc/cni/net.d', '/var/lib/rancher/k3s/agent/etc/cni/net.d'],
    ['/opt/cni/bin', '/var/lib/rancher/k3s/data/cni'],
  ],
  'local-storage': [['name: standard', 'name: local-path'], ['/var/local-path-provisioner', '/var/lib/rancher/k3s/storage']],
}

/** `files.tar` */
const layer = product('k3s-standin', [script, containerd, edits, nodeKey], [], async (folder, _, context) => {
  const { tars: [, nodeFiles = ''] } = await nodeLayers(context)
  const manifest = async (name: keyof typeof edits, path: string): Promise<Entry> =>
    ({ path: `${SHARE}/${name}.yaml`, text: edited(await run(['tar', '--extract', '--to-stdout', '--file', nodeFiles, path]), edits[name]) })
  await writeTar(join(folder, 'files.tar'), [
    { path: 'usr/bin/k3s', mode: 0o755, text: script },
    // k3d's entrypoint traps signals by names that dash does not take
    { path: 'usr/bin/sh', link: 'bash' },
    ...['kubectl', 'ctr', 'crictl'].map((name): Entry => ({ path: `${LINKS}/${name}`, link: '/usr/bin/k3s' })),
    { path: `${SHARE}/containerd.toml`, text: containerd },
    await manifest('flannel', 'kind/manifests/default-cni.yaml'),
    await manifest('local-storage', 'kind/manifests/default-storage.yaml'),
  ])
})

/** @throws Error when a place to change is not there any more */
export function edited(text: string, changes: readonly Edit[]): string {
  return changes.reduce((done, [find, put]) => {
    if (!done.includes(find)) throw new Error(`stand-in for k3s: a manifest of the node image has no ${find}: look at src/lab/images/k3s-standin.ts`)
    return done.replaceAll(find, put)
  }, text)
}

export const standInRef = `proofbook/k3s-standin:${versions.kubernetes}-${keyOf([config, layer.key])}`

export const standInConfig = (labels: Readonly<Record<string, string>>): ImageConfig => ({ ...config, Labels: labels })

/** Layers from below to above; `records` describes the images in the store. */
export async function standInLayers(context: Parameters<typeof nodeLayers>[0]): Promise<{ tars: string[], records: string }> {
  const [node, own] = await Promise.all([nodeLayers(context), layer.make(context)])
  return { tars: [...node.tars, join(own, 'files.tar')], records: node.records }
}
