/** What measures traffic in a cluster: one namespace, so that deleting it removes all. Pure. */
import type { Flow } from '../../runbook/traffic.ts'
import { MANAGED } from '../manifests.ts'

export const NAMESPACE = 'proofbook-traffic'

/** On each node and on the client: the program, the records, and where the pods are. It outlives every pod. */
export const FOLDER = '/var/lib/proofbook-traffic'

/** The application that is asked, as `http` and `tcp-new` see it. */
export const WEB = 'web'
export const WEB_NAME = `${WEB}.${NAMESPACE}.svc.cluster.local.`

/** Asked by the lab's client; all others by pods. */
export const outside: readonly Flow[] = ['http', 'api-write']

export interface TrafficPlan {
  readonly flows: readonly Flow[]
  /** Of a server that echoes HTTP on port 8080. */
  readonly image: string
  /** URLs of the API servers, as nodes reach them. */
  readonly api: readonly string[]
}

/** What is asked, and who may ask. */
export function asked({ image }: Pick<TrafficPlan, 'image'>): object[] {
  return [
    {
      apiVersion: 'v1', kind: 'Namespace',
      metadata: { name: NAMESPACE, labels: { ...MANAGED, 'pod-security.kubernetes.io/enforce': 'privileged' } },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: named('prober') },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: named('writes') },
    ...access(),
    ...web(image),
  ]
}

/** Who asks from within. @param service address of the application's Service */
export function asking({ flows, image, api }: TrafficPlan, service: string): object[] {
  const inside = flows.filter(flow => !outside.includes(flow))
  return inside.length === 0 ? [] : [
    daemonSet('pods', image, { API: api.join(',') }, { hostNetwork: true, serviceAccountName: 'prober' }),
    daemonSet('serve', image, {}, {}),
    daemonSet('ask', image, { FLOWS: inside.join(','), NAME: WEB_NAME, SERVICE: `${service}:80` }, {}),
  ]
}

const named = (name: string): object => ({ name, namespace: NAMESPACE, labels: MANAGED })

function access(): object[] {
  const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' }
  return [
    {
      ...rbac, kind: 'Role', metadata: named('prober'),
      rules: [
        { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
        { apiGroups: [''], resources: ['configmaps'], resourceNames: ['writes'], verbs: ['patch'] },
      ],
    },
    {
      ...rbac, kind: 'RoleBinding', metadata: named('prober'),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'prober' },
      subjects: [{ kind: 'ServiceAccount', name: 'prober', namespace: NAMESPACE }],
    },
  ]
}

/** An application as it should be: two replicas apart from each other, and time to leave the Service before it ends. */
function web(image: string): object[] {
  const labels = { ...MANAGED, app: WEB }
  const selector = { matchLabels: { app: WEB } }
  return [
    {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata: named(WEB),
      spec: {
        replicas: 2, selector, strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: {
          metadata: { labels },
          spec: {
            terminationGracePeriodSeconds: 30,
            tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }],
            topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: selector }],
            containers: [{
              name: WEB, image, imagePullPolicy: 'IfNotPresent',
              readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1 },
              // Its address leaves the Service on every node first. On a busy machine kube-proxy has taken 17 s for that.
              lifecycle: { preStop: { sleep: { seconds: 20 } } },
              resources: { requests: { cpu: '10m', memory: '16Mi' } },
            }],
          },
        },
      },
    },
    { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: named(WEB), spec: { minAvailable: 1, selector } },
    {
      apiVersion: 'v1', kind: 'Service', metadata: named(WEB),
      spec: { type: 'NodePort', selector: { app: WEB }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    },
  ]
}

/** The program is on the node: it runs in any image. */
function daemonSet(role: 'pods' | 'serve' | 'ask', image: string, settings: Readonly<Record<string, string>>, spec: object): object {
  const labels = { ...MANAGED, role: role === 'serve' ? 'answer' : role }
  const env = Object.entries({ DIR: FOLDER, NAMESPACE, ACCOUNT: '/var/run/secrets/kubernetes.io/serviceaccount', ...settings })
    .map(([name, value]) => ({ name, value }))
  const node = ['FROM', 'NODE'].map(name => ({ name, valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }))
  return {
    apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: named(role),
    spec: {
      selector: { matchLabels: { role: labels.role } },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: role === 'pods',
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 0,
          tolerations: [{ operator: 'Exists' }],
          containers: [{
            name: 'prober', image, imagePullPolicy: 'IfNotPresent', command: [`${FOLDER}/prober`, role], env: [...node, ...env],
            securityContext: { runAsUser: 0 },
            resources: { requests: { cpu: '10m', memory: '16Mi' } },
            volumeMounts: [{ name: 'folder', mountPath: FOLDER }],
          }],
          volumes: [{ name: 'folder', hostPath: { path: FOLDER, type: 'Directory' } }],
          ...spec,
        },
      },
    },
  }
}
