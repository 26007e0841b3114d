/** The certificate authorities that the three servers share, made before kind starts: kubeadm takes those it finds. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { docker } from '../hosts/docker.ts'
import { labelled, networkName } from '../names.ts'

export const pkiFolder = (folder: string, server: string): string => join(folder, 'pki', server)

/** One copy for each server, each to be mounted at /etc/kubernetes/pki: kubeadm adds the server's own certificates. */
export async function makeAuthorities(
  lab: string, folder: string, image: string, kubernetes: string, servers: readonly string[],
): Promise<void> {
  const root = join(folder, 'pki')
  await mkdir(root, { recursive: true, mode: 0o700 })
  const script = `version=$1 first=$2; shift
for phase in ca front-proxy-ca etcd-ca sa; do
  kubeadm init phase certs $phase --cert-dir "/pki/$first" --kubernetes-version "$version" >/dev/null
done
for server; do [ "$server" = "$first" ] || cp -R "/pki/$first" "/pki/$server"; done`
  // kubeadm wants a default route to find an address of its own, even for this.
  await docker(['run', '--rm', ...labelled(lab), '--network', networkName(lab), '--volume', `${root}:/pki`,
    '--entrypoint', 'sh', image, '-ec', script, 'pki', kubernetes, ...servers])
}
