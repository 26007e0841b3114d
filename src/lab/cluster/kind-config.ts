/** What kind is told: three control planes without a load balancer in front of them. Pure. */
import { stringify } from 'yaml'

export interface KindConfigOptions {
  readonly name: string
  /** Folder of the shared authorities, by server, in the order of joining. */
  readonly pki: readonly string[]
  /** Extra names and addresses in the API server's certificate. The load balancer's is left to the runbook. */
  readonly certSANs: readonly string[]
}

/**
 * kind's own mode for several control planes puts an Envoy in front of them; here the second and third node are
 * workers to kind, which is told by a patch of their JoinConfiguration that they join as control planes. The shared
 * authorities take the place of `kubeadm --upload-certs`.
 */
export function kindConfig({ name, pki, certSANs }: KindConfigOptions): string {
  const join = patch({ kind: 'JoinConfiguration', controlPlane: { localAPIEndpoint: { bindPort: 6443 } } })
  return stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    name,
    kubeadmConfigPatches: [
      patch({ kind: 'ClusterConfiguration', apiServer: { certSANs: ['localhost', '127.0.0.1', ...certSANs] } }),
    ],
    nodes: pki.map((hostPath, index) => ({
      role: index === 0 ? 'control-plane' : 'worker',
      extraMounts: [{ hostPath, containerPath: '/etc/kubernetes/pki' }],
      ...index === 0 ? {} : { kubeadmConfigPatches: [join] },
    })),
  })
}

const patch = (value: object): string => stringify(value)
