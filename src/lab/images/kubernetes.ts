/** Kubernetes' own commands, from the module k8s.io/kubernetes and its staging modules. */
import { versions } from '../versions.ts'
import { goBuild } from './go-build.ts'

const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(versions.kubernetes) ?? []

/** What `kubectl version` shows. The module proxy tells no commit, and a build date of ours would be no fact about it. */
const stamp = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((path) => [
  `-X ${path}.gitVersion=${versions.kubernetes}`,
  `-X ${path}.gitMajor=${major}`,
  `-X ${path}.gitMinor=${minor}`,
  `-X ${path}.gitTreeState=clean`,
  `-X ${path}.gitCommit=unknown`,
]).join(' ')

export const controlPlane = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy']
const commands = ['kubeadm', 'kubelet', 'kubectl', ...controlPlane]

/** All that a node needs, and kubectl. About 7 minutes of processor time, 2 GB of memory. */
export const kubernetes = goBuild({
  name: 'kubernetes',
  module: 'k8s.io/kubernetes',
  version: versions.kubernetes,
  commands: commands.map((name) => `k8s.io/kubernetes/cmd/${name}`),
  ldflags: stamp,
  // upstream's own setting; a dependency's is ignored
  goMod: ['godebug default=go1.26'],
  // they live in the same repository: v1.X wants exactly v0.X of each
  staging: versions.staging,
})
