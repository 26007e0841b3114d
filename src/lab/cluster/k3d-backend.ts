/** A cluster by k3d: k3s, one container a node. Where k3s's image cannot be had, a stand-in for it (images/k3s-supply.ts). */
import { LabError } from '../errors.ts'
import { clusterName, label, networkName } from '../names.ts'
import { plug } from '../network/lan.ts'
import { agents, nodes, servers } from '../topology/topology.ts'
import type { Making } from '../bring-up.ts'
import type { Backend } from './backend.ts'
import { k3dConfig } from './k3d-config.ts'
import { createCluster, importImages, K3D_LABEL, mountBpf, type K3dCluster } from './k3d.ts'
import { kubectlIn } from './kubectl.ts'

/** Seconds that a server or an agent may take to join, on a slow machine. */
const JOINING = 90

const ADMIN_CONFIG = '/output/kubeconfig.yaml'

export const k3dBackend: Backend = {
  name: 'k3d',
  /** k3d makes k3s write it there. */
  adminConfig: ADMIN_CONFIG,
  cniPaths: { programs: '/var/lib/rancher/k3s/data/cni', configuration: '/var/lib/rancher/k3s/agent/etc/cni/net.d' },
  /** In k3s kube-proxy is no pod. */
  foundation: [],
  labels: lab => [`${K3D_LABEL}=${clusterName(lab)}`],

  containerName(lab, topology, node) {
    const [role, peers] = node.kind === 'server' ? ['server', servers(topology)] as const : ['agent', agents(topology)] as const
    return `k3d-${clusterName(lab)}-${role}-${peers.findIndex(({ name }) => name === node.name)}`
  },

  async create(making, update, nodesRun) {
    const { name, topology, folder, parts, cni, container } = making
    if (cni.name === 'kindnet') throw new LabError('kindnet comes with kind\'s node image; with k3d a lab can have flannel, cilium or none')
    nodesRun()
    await createCluster({
      ...clusterOf(making),
      folder,
      onStep: update,
      config: k3dConfig({
        name: clusterName(name),
        image: parts.node,
        servers: servers(topology).length,
        agents: agents(topology).length,
        network: networkName(name),
        labels: [label(name)],
        flannel: cni.name === 'flannel',
        certSANs: servers(topology).map(host => host.address),
        images: parts.nodeImages,
        timeout: JOINING * nodes(topology).length,
      }),
    })
    const containers = nodes(topology).map(host => container(host.name))
    if (cni.name === 'cilium') await mountBpf(containers)
    await Promise.all(nodes(topology).map(host => plug(name, topology, host, container(host.name))))
  },

  loadImages: (making, archives) =>
    importImages(clusterOf(making), nodes(making.topology).map(host => making.container(host.name)), archives),

  /** One server keeps its state in SQLite, several keep it in etcd; the API server knows of either as `etcd`. */
  async stateProblems(first, members) {
    const kubectl = kubectlIn(first, ADMIN_CONFIG)
    const asked = members === 1 ? [] : [kubectl(['get', 'nodes', '--selector', 'node-role.kubernetes.io/etcd=true', '--output', 'name'])]
    const [ready, voters] = await Promise.all([kubectl(['get', '--raw', '/readyz/etcd']), ...asked]).catch((error: Error) => [error.message])
    const counted = voters?.split('\n').filter(line => line !== '').length
    return [
      ...ready?.trim() === 'ok' ? [] : [`${first}: the API server's check of its store says: ${ready?.trim()}`],
      ...counted === undefined || counted === members ? [] : [`etcd: ${counted} nodes have the role etcd, expected ${members}`],
    ]
  },

  // k3s runs kube-proxy within its own process: there is no pod that is Ready too early.
  nodeProblems: async () => [],
}

function clusterOf({ name, parts, signal }: Making): K3dCluster {
  if (parts.k3d === undefined) throw new Error('a lab on k3d was given no k3d')
  return { lab: name, k3d: parts.k3d, helper: parts.host, signal }
}
