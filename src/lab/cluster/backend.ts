/** Which tool makes a lab's cluster out of containers. One file each; what differs between them is behind this. */
import type { Making } from '../bring-up.ts'
import type { HostPlan, Topology } from '../topology/topology.ts'

export type BackendName = 'kind' | 'k3d'

export interface Backend {
  readonly name: BackendName
  /** Name of the container of a node. */
  containerName(lab: string, topology: Topology, node: HostPlan): string
  /** `key=value` of the labels that all of its node containers carry, so that they are found when all else is lost. */
  labels(lab: string): readonly string[]
  /** Where nodes look for CNI plugins and their configuration; Kubernetes' usual places when not given. */
  readonly cniPaths?: { readonly programs: string, readonly configuration: string }
  /** The administrator's kubeconfig in the first server. */
  readonly adminConfig: string
  /**
   * Makes the cluster, its nodes on the LAN, and a kubeconfig in the lab's folder. Its nodes need not be Ready yet.
   * On failure nothing is removed here: that is for the lab.
   * @param nodesRun called once, when there is time for other work: the containers run, and wait for the first server's programs
   */
  create(making: Making, update: (detail: string) => void, nodesRun: () => void): Promise<void>
  /** Brings images into every node: archives of `docker image save`. */
  loadImages(making: Making, archives: readonly string[]): Promise<void>
  /** What must run before anything else can, as `DaemonSet kube-proxy`. */
  readonly foundation: readonly string[]
  /** What is wrong with the store of the cluster's state; asked on the first server. */
  stateProblems(firstServer: string, members: number): Promise<string[]>
  /** What is wrong on the nodes that their pods do not tell. @param containers by host */
  nodeProblems(containers: Readonly<Record<string, string>>): Promise<string[]>
}
