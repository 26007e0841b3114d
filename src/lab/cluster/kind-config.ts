/** What kind is told: several control planes without a load balancer in front of them, and agents. Pure. */
import { stringify } from 'yaml'

export interface KindConfigOptions {
  readonly name: string
  /** One entry a server, in the order of joining: the folder of the shared authorities; undefined when kubeadm makes its own. */
  readonly servers: readonly (string | undefined)[]
  readonly agents: number
  /** Whether the node image's own network is installed. */
  readonly defaultCni: boolean
  /** Extra names and addresses in the API server's certificate. The load balancer's is left to the runbook. */
  readonly certSANs: readonly string[]
}

/**
 * A lab's control plane has nothing to do but to start. Whoever asks for the lease before the API server has made its
 * roles is refused, and by default asks again 2 to 4 s later; and the 40 controllers get their tokens one after the
 * other at 20 requests a second, for 5 s in which no node can join (kube-controller-manager of Kubernetes 1.36.4).
 */
const SOONER = [{ name: 'leader-elect-retry-period', value: '500ms' }]
/** kind's own argument among them: a patch replaces the whole list. */
const CONTROLLERS = [{ name: 'enable-hostpath-provisioner', value: 'true' }, ...SOONER, { name: 'kube-api-qps', value: '200' }, { name: 'kube-api-burst', value: '400' }]

/**
 * kind's own mode for several control planes puts an Envoy in front of them; here the second and third node are
 * workers to kind, which is told by a patch of their JoinConfiguration that they join as control planes. The shared
 * authorities take the place of `kubeadm --upload-certs`.
 */
export function kindConfig({ name, servers, agents, defaultCni, certSANs }: KindConfigOptions): string {
  const join = patch({ kind: 'JoinConfiguration', controlPlane: { localAPIEndpoint: { bindPort: 6443 } } })
  return stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    name,
    ...defaultCni ? {} : { networking: { disableDefaultCNI: true } },
    kubeadmConfigPatches: [
      patch({
        kind: 'ClusterConfiguration',
        apiServer: { certSANs: ['localhost', '127.0.0.1', ...certSANs] },
        // No lab has to survive its machine, and a killed process loses nothing of what the kernel holds. On a busy disk each
        // write of the API waits 5 ms and more for it, of every server.
        etcd: { local: { extraArgs: [{ name: 'unsafe-no-fsync', value: 'true' }] } },
        controllerManager: { extraArgs: CONTROLLERS },
        scheduler: { extraArgs: SOONER },
      }),
    ],
    nodes: [
      ...servers.map((hostPath, index) => ({
        role: index === 0 ? 'control-plane' : 'worker',
        ...hostPath === undefined ? {} : { extraMounts: [{ hostPath, containerPath: '/etc/kubernetes/pki' }] },
        ...index === 0 ? {} : { kubeadmConfigPatches: [join] },
      })),
      ...Array.from({ length: agents }, () => ({ role: 'worker' })),
    ],
  })
}

const patch = (value: object): string => stringify(value)
