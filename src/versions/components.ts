/** What labs, pages and Proofbook itself are pinned to, and which registry knows its releases. */
import { readFileSync } from 'node:fs'
import { haproxyReleases } from '../lab/images/haproxy.ts'
import { haproxyHosts, laterDebian, upstream, versions } from '../lab/versions.ts'

export type Registry =
  | { readonly kind: 'go', readonly module: string }
  | { readonly kind: 'debian', readonly package: string }
  | { readonly kind: 'npm', readonly package: string }
  | { readonly kind: 'none', readonly reason: string }

export interface Component {
  readonly name: string
  /** As they stand in `src/lab/versions.ts`; none for what the pinned Debian brings. */
  readonly pins: readonly string[]
  /** Key of the object there. */
  readonly key?: keyof typeof versions
  readonly registry: Registry
  /** Why it is listed though nothing is pinned to it. */
  readonly unpinned?: string
  /** Whose verification a new one touches: pages that name it, those with a cluster, all, or none. */
  readonly pages: 'named' | 'cluster' | 'all' | 'none'
}

const go = (name: string, key: keyof typeof versions, module: string, pages: Component['pages'] = 'cluster'): Component =>
  ({ name, key, pins: [versions[key]].flat() as string[], registry: { kind: 'go', module }, pages })

const debian = (name: string, pins: readonly string[] = []): Component => ({ name, pins, registry: { kind: 'debian', package: name }, pages: 'named' })

/** Of nodes and hosts; the last brings packages to another one. */
const suites = [...new Set([versions.debian, ...haproxyReleases.flatMap(release => [haproxyHosts[release].debian, laterDebian(release)])].filter(suite => suite !== undefined))]

/** From package.json, where each stands exactly. */
const npm = ([name, pin]: readonly [string, string]): Component => ({ name, pins: [pin], registry: { kind: 'npm', package: name }, pages: 'none' })

const { dependencies, devDependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Record<'dependencies' | 'devDependencies', Record<string, string>>

/** Register new ones here. */
export const components: readonly Component[] = [
  go('kubernetes', 'kubernetes', 'k8s.io/kubernetes'),
  { name: 'k3s', pins: [upstream.k3sVersion], registry: { kind: 'none', reason: 'its releases are images, and no image registry is asked for lists' }, pages: 'named' },
  go('kind', 'kind', 'sigs.k8s.io/kind', 'all'),
  go('k3d', 'k3d', 'github.com/k3d-io/k3d/v5', 'all'),
  go('cilium', 'cilium', 'github.com/cilium/cilium', 'named'),
  go('flannel', 'flannel', 'github.com/flannel-io/flannel', 'named'),
  go('traefik', 'traefik', 'github.com/traefik/traefik/v3', 'named'),
  go('containerd', 'containerd', 'github.com/containerd/containerd/v2'),
  go('runc', 'runc', 'github.com/opencontainers/runc'),
  go('cni-plugins', 'cniPlugins', 'github.com/containernetworking/plugins'),
  go('crictl', 'crictl', 'sigs.k8s.io/cri-tools'),
  go('etcd', 'etcd', 'go.etcd.io/etcd/server/v3'),
  go('coredns', 'coredns', 'github.com/coredns/coredns'),
  go('local-path-provisioner', 'localPathProvisioner', 'github.com/rancher/local-path-provisioner'),
  go('helm', 'helm', 'helm.sh/helm/v4', 'named'),
  go('vegeta', 'vegeta', 'github.com/tsenart/vegeta/v12', 'all'),
  { name: 'debian', pins: suites, registry: { kind: 'none', reason: 'a suite is chosen, not bumped' }, pages: 'all' },
  debian('haproxy', haproxyReleases), debian('keepalived'), debian('ufw'),
  { name: 'cert-manager', pins: [], registry: { kind: 'go', module: 'github.com/cert-manager/cert-manager' }, unpinned: 'in no lab: pages only name it', pages: 'named' },
  ...Object.entries({ ...dependencies, ...devDependencies }).map(npm),
]
