/** The objects of a matrix: its pods under namespaces of our own, and its policies moved into them. Pure. */
import { AGNHOST } from '../probe/image.ts'
import { LABEL, MANAGED } from '../probe/manifests.ts'
import type { Matrix } from './matrix-file.ts'
import type { Labels, Pod, Policy, Port, Selector } from './model.ts'

const NAME = 'kubernetes.io/metadata.name'

/** Seconds after which the kubelet ends pods that nobody removed, because this process was killed. */
const LIFETIME = 1_800

/** Namespaces of a matrix get names that nobody else has. */
export const realName = (id: string, namespace: string): string => `proofbook-policy-${id}-${namespace}`.slice(0, 63).replace(/-+$/, '')

/** Namespaces, accounts, pods bound to nodes in turn, and a Service before each pod that has ports. */
export function objectsOf({ pods, world }: Pick<Matrix, 'pods' | 'world'>, { id, nodes, image = AGNHOST }: {
  readonly id: string, readonly nodes: readonly string[], readonly image?: string
}): object[] {
  const ours = { ...MANAGED, [LABEL]: id }
  return [
    ...[...world.namespaces].flatMap(([name, labels]) => [
      {
        apiVersion: 'v1', kind: 'Namespace',
        metadata: { name: realName(id, name), labels: { 'pod-security.kubernetes.io/enforce': 'restricted', ...labels, ...ours } },
      },
      // The namespace's own account comes some time after it, and a pod that comes sooner is refused.
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'probe', namespace: realName(id, name), labels: ours }, automountServiceAccountToken: false },
    ]),
    ...pods.map((pod, index) => podOf(pod, { namespace: realName(id, pod.namespace), nodeName: nodes[index % nodes.length]!, ours, image })),
    ...pods.filter(({ ports }) => ports.length > 0).map(({ name, namespace, ports }) => ({
      apiVersion: 'v1', kind: 'Service',
      metadata: { name, namespace: realName(id, namespace), labels: ours },
      spec: {
        selector: { [LABEL]: id, 'proofbook.pod': name },
        ports: ports.map(({ port, protocol }) => ({ name: `${protocol.toLowerCase()}-${port}`, port, protocol })),
      },
    })),
  ]
}

function podOf({ name, labels, ports }: Pod, { namespace, nodeName, ours, image }: { namespace: string, nodeName: string, ours: Labels, image: string }): object {
  return {
    apiVersion: 'v1', kind: 'Pod',
    metadata: { name, namespace, labels: { ...labels, ...ours, 'proofbook.pod': name } },
    spec: {
      nodeName,
      serviceAccountName: 'probe',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      activeDeadlineSeconds: LIFETIME,
      terminationGracePeriodSeconds: 1,
      tolerations: [{ operator: 'Exists' }],
      securityContext: { runAsNonRoot: true, runAsUser: 65534, runAsGroup: 65534, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{
        name: 'probe', image, imagePullPolicy: 'IfNotPresent',
        command: ['sh', '-c', serverScript(ports)],
        ports: ports.map(({ name: portName, port, protocol }) => ({ containerPort: port, protocol, ...portName === undefined ? {} : { name: portName } })),
        ...ports.some(({ protocol }) => protocol === 'SCTP')
          ? { env: ports.filter(({ protocol }) => protocol === 'SCTP').map(({ port }) => ({ name: `SERVE_SCTP_PORT_${port}`, value: name })) } : {},
        resources: { requests: { cpu: '1m', memory: '16Mi' }, limits: { memory: '512Mi' } },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      }],
    },
  }
}

/** TCP and UDP say the pod's name. One server a number; a pod without ports only asks. */
function serverScript(ports: readonly Port[]): string {
  const of = (protocol: string): Set<number> => new Set(ports.filter(port => port.protocol === protocol).map(({ port }) => port))
  const [tcp, udp, sctp] = [of('TCP'), of('UDP'), of('SCTP')]
  const servers = [...new Set([...tcp, ...udp])].map(port =>
    `/agnhost serve-hostname --http=false --tcp=${tcp.has(port)} --udp=${udp.has(port)} --port=${port}`)
  const all = [...servers, ...sctp.size > 0 ? ['/agnhost porter'] : []]
  return `${(all.length > 0 ? all : ['/agnhost pause']).map(command => `${command} &`).join(' ')} trap exit TERM; wait`
}

/** A policy in the namespace that stands for its own; what it says of namespaces by name is said of ours. */
export function movedPolicy({ metadata, spec, ...rest }: Policy, id: string, namespaces: ReadonlySet<string>): Policy {
  const real = (name: string): string => namespaces.has(name) ? realName(id, name) : name
  const selector = ({ matchLabels, matchExpressions, ...more }: Selector): Selector => ({
    ...more,
    ...matchLabels && { matchLabels: Object.fromEntries(Object.entries(matchLabels).map(([key, value]) => [key, key === NAME ? real(value) : value])) },
    ...matchExpressions && { matchExpressions: matchExpressions.map(one => one.key === NAME && one.values ? { ...one, values: one.values.map(real) } : one) },
  })
  const moved = (value: unknown, key = ''): unknown => {
    if (key === 'namespaceSelector') return selector(value as Selector)
    if (Array.isArray(value)) return value.map(item => moved(item))
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, moved(item, name)]))
  }
  return {
    ...rest,
    metadata: { ...metadata, namespace: realName(id, metadata.namespace), labels: { ...metadata.labels, ...MANAGED, [LABEL]: id } },
    spec: moved(spec) as Policy['spec'],
  }
}
