/** Our own kind node image: Debian, kind's files, Kubernetes and the container runtime, and the images in its store. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { versions } from '../versions.ts'
import type { ImageConfig } from './archive.ts'
import { cniNames, cniPlugins, containerd, crictl, etcdctl, runc } from './components.ts'
import { flanneld } from './flannel.ts'
import { download } from './go-build.ts'
import { cniManifest, kindFiles, kindRecipe } from './kind-files.ts'
import { kubernetes } from './kubernetes.ts'
import { preload } from './preload.ts'
import { keyOf, product, type Context } from './product.ts'
import { nodeRootfs } from './rootfs.ts'
import { run } from './run.ts'
import { writeTar, type Entry } from './tar.ts'

/** Everything of ours on top of Debian but the images: `files.tar`. */
const nodeFiles = product(
  'node-files',
  [versions.kind, kindRecipe],
  [kubernetes, containerd, runc, crictl, etcdctl, cniPlugins, flanneld],
  async (folder, [kubernetesFolder, containerdFolder, runcFolder, crictlFolder, etcdctlFolder, cniFolder, flannelFolder], context) => {
    const programs = (from: string, to: string, files: readonly string[]): Entry[] =>
      files.map((file) => ({ path: `${to}/${file}`, file: join(from, file), mode: 0o755 }))
    const kind = await context.inLane('fetch', () => download(context, 'sigs.k8s.io/kind', versions.kind))
    const flannel = await readFile(join(flannelFolder, 'manifest', 'kube-flannel.yml'), 'utf8')
    await writeTar(join(folder, 'files.tar'), [
      ...await kindFiles(kind),
      { path: 'kind/manifests/default-cni.yaml', text: cniManifest(flannel) },
      { path: 'etc/containerd/cri-base.json', text: await baseSpec(join(containerdFolder, 'ctr')) },
      ...programs(kubernetesFolder, 'usr/bin', ['kubeadm', 'kubelet', 'kubectl']),
      ...programs(containerdFolder, 'usr/local/bin', ['containerd', 'containerd-shim-runc-v2', 'ctr']),
      ...programs(runcFolder, 'usr/local/sbin', ['runc']),
      ...programs(crictlFolder, 'usr/local/bin', ['crictl']),
      ...programs(etcdctlFolder, 'usr/local/bin', ['etcdctl']),
      ...programs(cniFolder, 'opt/cni/bin', cniNames),
    ])
  },
)

/** The OCI specification that each container starts from; as in kind's Dockerfile, with its hook and without rlimits. */
async function baseSpec(ctr: string): Promise<string> {
  const spec = JSON.parse(await run([ctr, 'oci', 'spec'])) as { hooks?: object, process: { rlimits?: unknown } }
  delete spec.process.rlimits
  return JSON.stringify({ ...spec, hooks: { ...spec.hooks, createContainer: [{ path: '/kind/bin/mount-product-files.sh' }] } })
}

/** Names the image: its configuration and all that is in it. */
export const nodeKey = keyOf([nodeConfig({}), nodeRootfs.key, nodeFiles.key, preload.key])

/** Layers from below to above, as tar files; `records` describes the images in the store. */
export async function nodeLayers(context: Context): Promise<{ tars: string[], records: string }> {
  const [rootfs, files, images] = await Promise.all([nodeRootfs.make(context), nodeFiles.make(context), preload.make(context)])
  return {
    tars: [join(rootfs, 'rootfs.tar'), join(files, 'files.tar'), join(images, 'images.tar')],
    records: await readFile(join(images, 'records.json'), 'utf8'),
  }
}

export function nodeConfig(labels: Readonly<Record<string, string>>): ImageConfig {
  return {
    Entrypoint: ['/usr/local/bin/entrypoint', '/sbin/init'],
    // systemd looks for this, and takes this signal for "power off"
    Env: ['container=docker'],
    StopSignal: 'SIGRTMIN+3',
    Labels: labels,
  }
}
