/**
 * Every version that a lab is made of. One place, so that a bump is one line; each line says what it must agree with.
 * The text of this object is part of every image's content hash: a changed pin builds a new image by itself.
 */
export const versions = {
  /** Oldest Go that builds Kubernetes v1.36 and k3d v5.9.0, and the toolchain fetched where an older one is installed. */
  goMinimum: '1.26.3',
  go: '1.26.8',

  kind: 'v0.33.0',
  k3d: 'v5.9.0',
  /** What a node image of our own build carries; a pulled one carries what kind itself defaults to. */
  kubernetes: 'v1.36.4',
  /** Staging modules (k8s.io/api, ...) carry the same release as v0. */
  staging: 'v0.36.4',

  /** kind v0.33.0's own pins (its images/base/Dockerfile). */
  containerd: 'v2.3.4',
  runc: 'v1.4.3',
  cniPlugins: 'v1.9.1',
  crictl: 'v1.36.0',

  /** kubeadm v1.36.4's defaults. The image tag of etcd carries a build number, the module does not. */
  etcd: 'v3.6.8',
  etcdImage: '3.6.8-0',
  coredns: 'v1.14.2',
  pause: '3.10.2',

  flannel: 'v0.28.4',
  /** Last release of containernetworking/plugins that holds flannel's own CNI plugin. */
  flannelCniPlugin: 'v0.9.1',
  /** Newest release whose checksum the Go checksum database has. */
  localPathProvisioner: 'v0.0.30',

  /** The version that k3s ships. */
  traefik: 'v3.6.12',
  httpAuth: 'v0.4.0',

  vegeta: 'v12.13.0',

  /** Cilium of two minors; the first is the default. 1.20.1: v1.20.2 wants a statedb that the Go module proxy refuses. */
  cilium: ['v1.19.7', 'v1.20.1'],
  /** What upstream's agent image compiles the datapath with, in both minors: LLVM 19.1.7, as in bookworm. */
  clang: '19',
  /** Newest release on the Kubernetes libraries of the cluster's own minor. */
  helm: 'v4.2.4',

  /** Our own small programs: bump with their source. */
  echo: '1.0.0',

  /** systemd 252 of bookworm still speaks cgroup v1; trixie's 257 is on its way out of it. */
  debian: 'bookworm',
} as const

/**
 * Debian of the hosts of a lab, by the minor of HAProxy that they offer; the first is the default, and that of nodes.
 * `from`: HAProxy comes from that later Debian, with what it needs. Debian 13 itself has 3.0; the newest long-term
 * release in any Debian is the 3.2 of the next one.
 */
export const haproxyHosts = {
  '2.6': { debian: versions.debian },
  '3.2': { debian: 'trixie', from: 'forky' },
} as const

/** The later Debian from which hosts with this HAProxy have it; undefined where it is that of the hosts' own. */
export function laterDebian(release: keyof typeof haproxyHosts): string | undefined {
  const host: { readonly debian: string, readonly from?: string } = haproxyHosts[release]
  return host.from
}

/** Upstream images used where a registry answers. The node image's digest is the one that kind v0.33.0 names itself. */
export const upstream = {
  /**
   * k3s's stable channel since 2026-08-27 (github.com/k3s-io/k3s/pull/14553), with the Kubernetes of our own nodes.
   * The digest is the multi-platform index that Docker Hub serves for this tag.
   */
  k3s: 'docker.io/rancher/k3s:v1.36.4-k3s1@sha256:edad48e12bf81c3a09ac1c05c0c0ffaaa22145980b989d6fae84543a76b83657',
  k3sVersion: 'v1.36.4+k3s1',
  /** What k3s v1.36.4+k3s1 runs in pods with the add-ons that a lab leaves on; its image carries none of them. */
  k3sImages: [
    'docker.io/rancher/mirrored-pause:3.10.2',
    'docker.io/rancher/mirrored-coredns-coredns:1.14.6',
    'docker.io/rancher/local-path-provisioner:v0.0.37',
    'docker.io/rancher/mirrored-library-busybox:1.37.0',
  ],
  node: 'kindest/node:v1.37.0@sha256:a1ed56cfb0e7b93589bdf97c8cd566405a265939e3620fc4f5de89adff580ae5',
  nodeKubernetes: 'v1.37.0',
  traefik: `docker.io/library/traefik:${versions.traefik}`,
  debian: debianImage(versions.debian),
} as const

export function debianImage(suite: string): string {
  return `docker.io/library/debian:${suite}-slim`
}

/** Names under which a lab's workloads find their images, whoever built them. */
export const workloads = {
  traefik: upstream.traefik,
  echo: `docker.io/proofbook/echo:${versions.echo}`,
} as const
