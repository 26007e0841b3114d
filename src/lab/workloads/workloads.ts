/** What runs in a lab's cluster: an ingress controller and an application behind it. */
import type { Kubectl } from '../cluster/kubectl.ts'
import type { AppCertificate } from './certificate.ts'
import { manifest } from './manifests.ts'

export interface WorkloadImages {
  readonly traefik: string
  readonly echo: string
}

/** Pods of the application where there are as many nodes: each of them runs on a node of its own. */
const ECHO_REPLICAS = 3

/**
 * Applies and does not wait; see health.ts for when they are ready.
 * @param nodes how many the cluster has
 */
export async function applyWorkloads(kubectl: Kubectl, images: WorkloadImages, tls: AppCertificate, nodes: number): Promise<void> {
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  const manifests = [
    manifest('traefik', { TRAEFIK_IMAGE: images.traefik }),
    manifest('echo', {
      ECHO_IMAGE: images.echo,
      ECHO_REPLICAS: String(Math.min(ECHO_REPLICAS, nodes)),
      TLS_CRT: base64(tls.certificate),
      TLS_KEY: base64(tls.key),
    }),
  ]
  await kubectl(['apply', '--server-side', '-f', '-'], { input: manifests.join('---\n') })
}
