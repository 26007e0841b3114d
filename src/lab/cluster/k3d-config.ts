/** What k3d is told, in the form of its own file (k3d v5.9.0, pkg/config/v1alpha5). Pure. */
import { stringify } from 'yaml'

export interface K3dConfigOptions {
  readonly name: string
  readonly image: string
  readonly servers: number
  readonly agents: number
  /** Docker network, there already: k3d then leaves it alone when it deletes the cluster. */
  readonly network: string
  /** `key=value`, on every container of a node. */
  readonly labels: readonly string[]
  /** k3s's own Flannel; otherwise nodes have no network, and nothing enforces NetworkPolicies, until a CNI is put in. */
  readonly flannel: boolean
  /** Extra names and addresses in the API server's certificate. */
  readonly certSANs: readonly string[]
  /** Folder with archives of images that every node has from the start. */
  readonly images?: string | undefined
  /** Seconds until k3d gives up; by default it waits for ever. */
  readonly timeout: number
  /** Further arguments of `k3s server`. */
  readonly serverArgs?: readonly string[]
}

const LOOPBACK = '127.0.0.1'

/** Add-ons that a lab has no use for, or brings in its own form: their images would have to be there as well. */
const WITHOUT = ['traefik', 'servicelb', 'metrics-server']

/**
 * No load balancer of k3d's in front of the servers: a lab shows how to put one there. On a failure everything stays,
 * since its logs are what tells why, and the lab removes what it made.
 */
export function k3dConfig({
  name, image, servers, agents, network, labels, flannel, certSANs, images, timeout, serverArgs = [],
}: K3dConfigOptions): string {
  const server = [
    ...certSANs.map(san => `--tls-san=${san}`),
    ...WITHOUT.map(addOn => `--disable=${addOn}`),
    '--disable-helm-controller',
    ...flannel ? [] : ['--flannel-backend=none', '--disable-network-policy'],
    ...serverArgs,
  ]
  return stringify({
    apiVersion: 'k3d.io/v1alpha5',
    kind: 'Simple',
    metadata: { name },
    servers,
    agents,
    image,
    network,
    // without a port k3d looks for a free one
    kubeAPI: { host: LOOPBACK, hostIP: LOOPBACK },
    ...images === undefined ? {} : {
      volumes: [{ volume: `${images}:/var/lib/rancher/k3s/agent/images:ro`, nodeFilters: ['all'] }],
    },
    options: {
      k3d: { wait: true, timeout: `${timeout}s`, disableLoadbalancer: true, disableRollback: true },
      k3s: {
        extraArgs: [
          ...server.map(arg => ({ arg, nodeFilters: ['server:*'] })),
          // kubelet 1.35 and later refuse cgroup v1 unless told otherwise; on v2 the flag has no effect
          { arg: '--kubelet-arg=fail-cgroupv1=false', nodeFilters: ['all'] },
        ],
      },
      kubeconfig: { updateDefaultKubeconfig: false, switchCurrentContext: false },
      runtime: { labels: labels.map(label => ({ label, nodeFilters: ['all'] })) },
    },
  })
}
