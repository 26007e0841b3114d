/**
 * k3s's programs upon Debian, as on the machines of most readers. k3s's own image has busybox and nothing else: no bash
 * to run a block of a runbook, no tools to read a node's state with.
 */
import { versions } from '../versions.ts'
import { hostRef } from './host-supply.ts'
import { keyOf } from './product.ts'
import { run, type RunOptions } from './run.ts'

const PROGRAMS = '/opt/k3s/bin'

/** Debian's own programs come first; k3s brings a packet filter and more for hosts without them. */
const path = ['/var/lib/rancher/k3s/data/cni', '/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin', PROGRAMS, `${PROGRAMS}/aux`]

/** Settings and volumes as in k3s's image; k3d's entrypoint traps signals by names that dash does not take. */
export const k3sDockerfile = (k3s: string, base: string): string => `FROM ${base}
COPY --from=${k3s} /bin ${PROGRAMS}
RUN ln -s ${PROGRAMS}/k3s /usr/bin/k3s && ln -sf bash /usr/bin/sh
ENV PATH=${path.join(':')} CRI_CONFIG_FILE=/var/lib/rancher/k3s/agent/etc/crictl.yaml
VOLUME /var/lib/kubelet /var/lib/rancher/k3s /var/lib/cni /var/log
STOPSIGNAL SIGTERM
ENTRYPOINT ["/bin/k3s"]
CMD ["agent"]
`

/** @param id of k3s's image, so that another one makes another name */
export const k3sNodeRef = (id: string): string => `proofbook/k3s:${versions.kubernetes}-${keyOf([id, k3sDockerfile('k3s', hostRef)])}`

export async function makeK3sNode(ref: string, k3s: string, base: string, options: RunOptions): Promise<void> {
  await run(['docker', 'build', '--network', 'none', '--tag', ref, '-'], { ...options, input: k3sDockerfile(k3s, base), env: { DOCKER_BUILDKIT: '0' } })
}
