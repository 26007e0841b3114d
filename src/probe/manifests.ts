/** The objects of a probe: everything in one namespace, so that deleting it removes all. Pure. */

/** On every object of ours; its value is the probe's own. */
export const LABEL = 'proofbook.probe'
export const MANAGED = { 'app.kubernetes.io/managed-by': 'proofbook' } as const

/** TCP and UDP, both saying the pod's name. */
export const PORT = 9376

/** Seconds after which the kubelet ends a pod that nobody removed, because this process was killed. */
const LIFETIME = 900

/** `server` and `client` have addresses of their own, two of them so that a Service's pod is another than the one that asks. */
export const podRoles = ['client', 'server', 'node'] as const
export type PodRole = typeof podRoles[number]

/** Names hold the node's number, not its name, which may be too long for a Service. */
export const podName = (role: PodRole, index: number): string => `${role}-${index}`

export interface Plan {
  readonly id: string
  readonly image: string
  /** Names of nodes; pods are bound to them, so that taints and a busy scheduler do not matter. */
  readonly nodes: readonly string[]
  /** A pod in the network of its node too: wants a namespace without Pod Security. */
  readonly onNodes: boolean
}

export const namespaceName = (id: string): string => `proofbook-probe-${id}`

export function manifestsOf({ id, image, nodes, onNodes }: Plan): object[] {
  const labels = { ...MANAGED, [LABEL]: id }
  const level = onNodes ? 'privileged' : 'restricted'
  const namespace = namespaceName(id)
  const roles = podRoles.filter(role => onNodes || role !== 'node')
  return [
    {
      apiVersion: 'v1', kind: 'Namespace',
      metadata: {
        name: namespace,
        labels: { ...labels, ...Object.fromEntries(['enforce', 'audit', 'warn'].map(mode => [`pod-security.kubernetes.io/${mode}`, level])) },
      },
    },
    // The namespace's own account comes some time after it, and a pod that comes sooner is refused.
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'probe', namespace, labels }, automountServiceAccountToken: false },
    ...nodes.flatMap((node, index) => roles.map(role => pod(role, index, node, { namespace, labels, image }))),
    ...nodes.map((_, index) => ({
      apiVersion: 'v1', kind: 'Service',
      metadata: { name: podName('server', index), namespace, labels },
      spec: {
        type: onNodes ? 'NodePort' : 'ClusterIP',
        selector: { [LABEL]: id, role: 'server', index: String(index) },
        ports: [{ name: 'tcp', port: PORT }],
      },
    })),
  ]
}

function pod(role: PodRole, index: number, nodeName: string, { namespace, labels, image }: {
  namespace: string, labels: Readonly<Record<string, string>>, image: string,
}): object {
  // netexec would be handier, and gives a shell to everybody who reaches it.
  const args = role === 'node' ? ['pause'] : ['serve-hostname', '--http=false', '--tcp', '--udp', `--port=${PORT}`]
  return {
    apiVersion: 'v1', kind: 'Pod',
    metadata: { name: podName(role, index), namespace, labels: { ...labels, role, index: String(index) } },
    spec: {
      nodeName,
      ...role === 'node' ? { hostNetwork: true } : {},
      serviceAccountName: 'probe',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      restartPolicy: 'Always',
      activeDeadlineSeconds: LIFETIME,
      terminationGracePeriodSeconds: 1,
      tolerations: [{ operator: 'Exists' }],
      securityContext: { runAsNonRoot: true, runAsUser: 65534, runAsGroup: 65534, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{
        name: 'probe', image, imagePullPolicy: 'IfNotPresent', command: ['/agnhost'], args,
        resources: { requests: { cpu: '1m', memory: '16Mi' }, limits: { memory: '128Mi' } },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      }],
    },
  }
}

/** Nobody may send to the servers. The clients are left out: what reaches them shows that the network itself works. */
export const denyServers = (id: string): object => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy',
  metadata: { name: 'deny-servers', namespace: namespaceName(id), labels: { ...MANAGED, [LABEL]: id } },
  spec: { podSelector: { matchLabels: { role: 'server' } }, policyTypes: ['Ingress'] },
})
