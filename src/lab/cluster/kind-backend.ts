/** A cluster by kind: upstream Kubernetes by kubeadm, one container a node. */
import { run } from '../images/run.ts'
import { etcdProblems, proxyProblems } from '../health.ts'
import { clusterName, KIND_LABEL } from '../names.ts'
import { plug } from '../network/lan.ts'
import { agents, nodes, servers } from '../topology/topology.ts'
import type { Backend } from './backend.ts'
import { kindConfig } from './kind-config.ts'
import { createCluster } from './kind.ts'
import { credentialsAtOnce } from './kubelet-credentials.ts'
import { makeAuthorities, pkiFolder } from './pki.ts'
import { askDnsOften, localKubeProxy, untaint } from './settle.ts'

export const kindBackend: Backend = {
  name: 'kind',
  adminConfig: '/etc/kubernetes/admin.conf',
  foundation: ['DaemonSet kube-proxy'],
  stateProblems: etcdProblems,
  nodeProblems: proxyProblems,
  labels: lab => [`${KIND_LABEL}=${clusterName(lab)}`],

  /** kind names the first node NAME-control-plane and those that join, workers to kind, NAME-worker, NAME-worker2, ... */
  containerName(lab, topology, node) {
    const index = nodes(topology).findIndex(({ name }) => name === node.name)
    const role = index === 0 ? 'control-plane' : index === 1 ? 'worker' : `worker${index}`
    return `${clusterName(lab)}-${role}`
  },

  async create({ name, topology, folder, parts, cni, container, kubectl, egress, signal }, update, nodesRun) {
    const control = servers(topology)
    const joining = control.length > 1
    if (joining) await makeAuthorities(name, folder, parts.node, parts.kubernetes, control.map(host => host.name))
    signal.throwIfAborted()
    // With agents each kube-proxy needs an API server that every node reaches: kubeadm's choice, the first.
    const ownApi = joining && agents(topology).length === 0
    const works: Readonly<Record<string, () => Promise<unknown>>> = {
      plug: () => Promise.all(nodes(topology).map(host => plug(name, topology, host, container(host.name)))),
      dns: () => askDnsOften(kubectl),
      // All goes on without it, only later.
      kubelets: () => Promise.allSettled(control.slice(1).map(host => credentialsAtOnce(container(host.name), signal))),
      ...ownApi ? { proxies: () => localKubeProxy(kubectl) } : {},
    }
    const begun = new Map<string, Promise<unknown>>()
    const begin = (work: string): void => { if (!begun.has(work) && works[work]) begun.set(work, quietly(works[work]())) }
    const created = createCluster({
      lab: name, folder, kind: parts.kind, image: parts.node, egress, signal,
      onStep: (step) => {
        update(step)
        if (step.startsWith('Starting control-plane')) {
          begin('plug')
          nodesRun()
        }
        if (step.startsWith('Joining')) Object.keys(works).forEach(begin)
      },
      config: kindConfig({
        name: clusterName(name),
        servers: control.map(host => joining ? pkiFolder(folder, host.name) : undefined),
        agents: agents(topology).length,
        defaultCni: cni.byDefault,
        certSANs: control.map(host => host.address),
      }),
    })
    await created.finally(() => Promise.allSettled(begun.values()))
    // A cluster of one node has nobody who joins.
    Object.keys(works).forEach(begin)
    await Promise.all([untaint(kubectl), ...begun.values()])
  },

  async loadImages({ name, parts, signal }, archives) {
    for (const archive of archives) await run([parts.kind, 'load', 'image-archive', archive, '--name', clusterName(name)], { signal })
  },
}

/** Its failure is looked at later, when it is awaited. */
function quietly<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined)
  return work
}
