/**
 * Everything that our node image carries beside Debian, from Go modules. Flags and tags are those of kind's own
 * images/base/Dockerfile and of each project's release build, less what cannot be had or is of no use in a container.
 */
import { versions } from '../versions.ts'
import { asset } from './assets.ts'
import { LEFT_OUT, MODULE as corednsPath, prepareCoredns } from './coredns.ts'
import { goBuild } from './go-build.ts'
import { prepareTraefik } from './traefik.ts'

/**
 * Kubernetes' libraries as its own commands take them, in place of older ones: they are compiled already then, and what
 * depends on them is the most of these programs. Flannel and Cilium, which runbooks are about, keep upstream's.
 */
const kubernetesLibraries = ['k8s.io/api', 'k8s.io/apimachinery', 'k8s.io/client-go'].map(module => `require ${module} ${versions.staging}`)

const containerdPath = 'github.com/containerd/containerd/v2'
const pluginsPath = 'github.com/containernetworking/plugins'
const pluginVersion = `-X ${pluginsPath}/pkg/utils/buildversion.BuildVersion`

export const containerd = goBuild({
  name: 'containerd',
  module: containerdPath,
  version: versions.containerd,
  commands: ['containerd', 'containerd-shim-runc-v2', 'ctr'].map((command) => `${containerdPath}/cmd/${command}`),
  tags: 'no_btrfs no_devmapper no_zfs no_aufs',
  ldflags: `-X ${containerdPath}/version.Version=${versions.containerd} -X ${containerdPath}/version.Revision=gomod`,
})

export const runc = goBuild({
  name: 'runc',
  module: 'github.com/opencontainers/runc',
  version: versions.runc,
  commands: ['github.com/opencontainers/runc'],
  // nsenter is C, seccomp links libseccomp; both as in the distributions
  cgo: true,
  tags: 'seccomp',
})

/** kind installs four of these; flannel and kubenet-like set-ups need the others. */
export const cniNames = ['host-local', 'loopback', 'ptp', 'bridge', 'portmap', 'tuning', 'firewall', 'bandwidth']
const cniFolder = (name: string) => name === 'host-local' ? 'ipam' : ['loopback', 'ptp', 'bridge'].includes(name) ? 'main' : 'meta'

export const cniPlugins = goBuild({
  name: 'cni-plugins',
  module: pluginsPath,
  version: versions.cniPlugins,
  commands: cniNames.map((name) => `${pluginsPath}/plugins/${cniFolder(name)}/${name}`),
  ldflags: `${pluginVersion}=${versions.cniPlugins}`,
})

export const flannelCniPlugin = goBuild({
  name: 'flannel-cni',
  module: pluginsPath,
  version: versions.flannelCniPlugin,
  commands: [`${pluginsPath}/plugins/meta/flannel`],
  ldflags: `${pluginVersion}=${versions.flannelCniPlugin}`,
})

export const crictl = goBuild({
  name: 'crictl',
  module: 'sigs.k8s.io/cri-tools',
  version: versions.crictl,
  commands: ['sigs.k8s.io/cri-tools/cmd/crictl'],
  ldflags: `-X sigs.k8s.io/cri-tools/pkg/version.Version=${versions.crictl}`,
})

export const etcd = goBuild({
  name: 'etcd',
  module: 'go.etcd.io/etcd/server/v3',
  version: versions.etcd,
  commands: ['go.etcd.io/etcd/server/v3'],
  rename: { server: 'etcd' },
})

export const etcdctl = goBuild({
  name: 'etcdctl',
  module: 'go.etcd.io/etcd/etcdctl/v3',
  version: versions.etcd,
  commands: ['go.etcd.io/etcd/etcdctl/v3'],
})

export const etcdutl = goBuild({
  name: 'etcdutl',
  module: 'go.etcd.io/etcd/etcdutl/v3',
  version: versions.etcd,
  commands: ['go.etcd.io/etcd/etcdutl/v3'],
})

export const coredns = goBuild({
  name: 'coredns',
  module: corednsPath,
  version: versions.coredns,
  // Our own program in our own module: upstream's with fewer plugins.
  commands: ['proofbook.example/coredns/coredns'],
  goMod: kubernetesLibraries,
  prepare: prepareCoredns,
  recipe: LEFT_OUT,
})

export const localPath = goBuild({
  name: 'local-path-provisioner',
  module: 'github.com/rancher/local-path-provisioner',
  version: versions.localPathProvisioner,
  commands: ['github.com/rancher/local-path-provisioner'],
  goMod: kubernetesLibraries,
  ldflags: `-X main.VERSION=${versions.localPathProvisioner}`,
})

export const traefik = goBuild({
  name: 'traefik',
  module: 'github.com/traefik/traefik/v3',
  version: versions.traefik,
  commands: ['github.com/traefik/traefik/v3/cmd/traefik'],
  ldflags: `-X github.com/traefik/traefik/v3/pkg/version.Version=${versions.traefik.slice(1)}`,
  goMod: [
    ...kubernetesLibraries,
    `require github.com/abbot/go-http-auth ${versions.httpAuth}`,
    'replace github.com/traefik/traefik/v3 => ./traefik',
    'replace github.com/abbot/go-http-auth => ./http-auth',
    'replace github.com/go-acme/lego/v4 => ./lego',
    'replace github.com/gorilla/mux => github.com/containous/mux v0.0.0-20250523120546-41b6ec3aed59',
    'replace github.com/mailgun/minheap => github.com/containous/minheap v0.0.0-20190809180810-6e71eb837595',
  ],
  prepare: prepareTraefik,
  recipe: ['traefik/ecs.go', 'traefik/http-auth.go', 'traefik/lego-dns.go'].map(asset),
})

export const vegeta = goBuild({
  name: 'vegeta',
  module: 'github.com/tsenart/vegeta/v12',
  version: versions.vegeta,
  commands: ['github.com/tsenart/vegeta/v12'],
  ldflags: `-X main.Version=${versions.vegeta}`,
})

export const kind = goBuild({
  name: 'kind',
  module: 'sigs.k8s.io/kind',
  version: versions.kind,
  commands: ['sigs.k8s.io/kind'],
})
