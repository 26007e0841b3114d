/** What runs in a lab's cluster: an ingress controller and an application behind it. */
import type { Kubectl } from '../cluster/kubectl.ts'
import type { AppCertificate } from './certificate.ts'
import { manifest } from './manifests.ts'

export interface WorkloadImages {
  readonly traefik: string
  readonly echo: string
}

/** Applies and does not wait; see health.ts for when they are ready. */
export async function applyWorkloads(kubectl: Kubectl, images: WorkloadImages, tls: AppCertificate): Promise<void> {
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  const manifests = [
    manifest('traefik', { TRAEFIK_IMAGE: images.traefik }),
    manifest('echo', { ECHO_IMAGE: images.echo, TLS_CRT: base64(tls.certificate), TLS_KEY: base64(tls.key) }),
  ]
  await kubectl(['apply', '--server-side', '-f', '-'], { input: manifests.join('---\n') })
}
