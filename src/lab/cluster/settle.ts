/** Small changes to what kubeadm makes: three servers behave like three servers of equal rank, and DNS is ready when it is. */
import { LabError } from '../errors.ts'
import type { Kubectl } from './kubectl.ts'

/** Lets workloads run on the servers; a kubeadm control plane refuses them by a taint. */
export async function untaint(kubectl: Kubectl): Promise<void> {
  await kubectl(['taint', 'nodes', '--all', 'node-role.kubernetes.io/control-plane:NoSchedule-']).catch(ignoreAbsent)
}

/**
 * Makes each server's kube-proxy ask the API server beside it: kubeadm points all of them to the first, whose loss
 * would freeze the Services of the others. Done before the others join, so that only the first's is started again.
 */
export async function localKubeProxy(kubectl: Kubectl): Promise<void> {
  const config = JSON.parse(await kubectl(['-n', 'kube-system', 'get', 'configmap', 'kube-proxy', '-o', 'json'])) as
    { data: Record<string, string> }
  const before = config.data['kubeconfig.conf'] ?? ''
  const after = before.replace(/server: .*/, 'server: https://127.0.0.1:6443')
  if (after === before) throw new LabError('kube-proxy: its ConfigMap names no API server, expected "server:" in kubeconfig.conf')
  const patch = JSON.stringify({ data: { 'kubeconfig.conf': after } })
  await kubectl(['-n', 'kube-system', 'patch', 'configmap', 'kube-proxy', '--patch', patch])
  await kubectl(['-n', 'kube-system', 'delete', 'pods', '-l', 'k8s-app=kube-proxy', '--wait=false'])
}

/**
 * Has CoreDNS asked every 2 s whether it is ready, as k3s does (manifests/coredns.yaml). By kubeadm's manifest the kubelet
 * asks at once, which is too early for one of two, and then only 10 s later. The Deployment is made anew and not changed:
 * no node is Ready yet, and pods of two generations would wait for the first that is.
 */
export async function askDnsOften(kubectl: Kubectl): Promise<void> {
  const { apiVersion, kind, metadata: { name, namespace, labels }, spec } = JSON.parse(
    await kubectl(['-n', 'kube-system', 'get', 'deployment', 'coredns', '-o', 'json'])) as Deployment
  for (const { readinessProbe } of spec.template.spec.containers) if (readinessProbe) readinessProbe.periodSeconds = 2
  await kubectl(['replace', '--force', '--grace-period=0', '-f', '-'],
    { input: JSON.stringify({ apiVersion, kind, metadata: { name, namespace, labels }, spec }) })
}

interface Deployment {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string, readonly namespace: string, readonly labels: object }
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly { readonly readinessProbe?: { periodSeconds?: number } }[] } } }
}

function ignoreAbsent(error: Error): string {
  if (/taint .* not found/.test(error.message)) return ''
  throw error
}
