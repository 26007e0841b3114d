/**
 * The container images that a node carries from the start. They have the names that kubeadm and upstream's manifests ask
 * for; that they are our builds is written in their labels and in the lab's records.
 */
import { join } from 'node:path'
import { versions, workloads } from '../versions.ts'
import type { ImageConfig } from './archive.ts'
import { coredns, etcd, etcdctl, flannelCniPlugin, localPath, traefik } from './components.ts'
import { LEFT_OUT } from './coredns.ts'
import { flanneld } from './flannel.ts'
import { controlPlane, kubernetes } from './kubernetes.ts'
import type { Product } from './product.ts'
import { echo, pause } from './small.ts'

export interface WorkloadImage {
  readonly ref: string
  readonly version: string
  /** Path in the image to the program: a product and the name of its file. */
  readonly files: Readonly<Record<string, readonly [from: Product, name: string]>>
  /** Upon Debian's packet filter tools and a shell; else upon nothing. */
  readonly net?: boolean
  readonly config?: ImageConfig
  /** How it differs from upstream's, beyond being our build. */
  readonly note?: string
}

/** Of programs that take newer libraries than upstream's (components.ts). */
const withLibraries = `with Kubernetes' libraries ${versions.staging}`

const local = {
  flannelCni: `docker.io/proofbook/flannel-cni-plugin:${versions.flannelCniPlugin}`,
  localPath: `docker.io/proofbook/local-path-provisioner:${versions.localPathProvisioner}`,
  helper: `docker.io/proofbook/local-path-helper:${versions.debian}`,
}
export const names = local

export const workloadImages: readonly WorkloadImage[] = [
  ...controlPlane.map((name): WorkloadImage => ({
    ref: `registry.k8s.io/${name}:${versions.kubernetes}`,
    version: versions.kubernetes,
    files: { [`usr/local/bin/${name}`]: [kubernetes, name] },
    ...name === 'kube-proxy' ? { net: true } : { config: { Entrypoint: [name] } },
  })),
  {
    ref: `registry.k8s.io/etcd:${versions.etcdImage}`,
    version: versions.etcd,
    files: { 'usr/local/bin/etcd': [etcd, 'etcd'], 'usr/local/bin/etcdctl': [etcdctl, 'etcdctl'] },
    config: { Entrypoint: ['etcd'] },
  },
  {
    ref: `registry.k8s.io/coredns/coredns:${versions.coredns}`,
    version: versions.coredns,
    files: { coredns: [coredns, 'coredns'] },
    config: { Entrypoint: ['/coredns'] },
    note: `${withLibraries}, without the plugins ${LEFT_OUT.join(', ')}`,
  },
  {
    ref: `registry.k8s.io/pause:${versions.pause}`,
    version: versions.pause,
    files: { pause: [pause, 'pause'] },
    config: { Entrypoint: ['/pause'] },
    note: 'our own source',
  },
  {
    ref: `ghcr.io/flannel-io/flannel:${versions.flannel}`,
    version: versions.flannel,
    files: { 'opt/bin/flanneld': [flanneld, 'flannel'] },
    net: true,
    config: { Entrypoint: ['/opt/bin/flanneld'] },
    note: 'without the tencentvpc backend',
  },
  {
    ref: local.flannelCni,
    version: versions.flannelCniPlugin,
    files: { flannel: [flannelCniPlugin, 'flannel'] },
    net: true,
    note: 'flannel\'s CNI plugin as it was in containernetworking/plugins, before it moved to a repository of its own',
  },
  {
    ref: local.localPath,
    version: versions.localPathProvisioner,
    files: { 'usr/local/bin/local-path-provisioner': [localPath, 'local-path-provisioner'] },
    config: { Entrypoint: ['/usr/local/bin/local-path-provisioner'] },
    note: withLibraries,
  },
  { ref: local.helper, version: versions.debian, files: {}, net: true, note: 'Debian\'s busybox' },
  {
    ref: workloads.traefik,
    version: versions.traefik,
    files: { traefik: [traefik, 'traefik'] },
    config: { Entrypoint: ['/traefik'] },
    note: `${withLibraries}, with go-http-auth ${versions.httpAuth} in place of Traefik's fork (a stale digest nonce gets an ordinary 401), without DNS providers for ACME and the provider for Amazon ECS, and with an empty dashboard`,
  },
  {
    ref: workloads.echo,
    version: versions.echo,
    files: { echo: [echo, 'echo'] },
    config: { Entrypoint: ['/echo'] },
    note: 'our own source',
  },
]

/** Every product that an image takes a file from, once. */
export const workloadInputs: readonly Product[] = [
  ...new Set(workloadImages.flatMap(({ files }) => Object.values(files).map(([from]) => from))),
]

export const fileName = (ref: string): string => `${ref.replaceAll(/[^a-z0-9.]+/gi, '-')}.tar`
export const archiveIn = (folder: string, ref: string): string => join(folder, fileName(ref))
