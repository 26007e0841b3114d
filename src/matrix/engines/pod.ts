/** The container of a shard, for engines that run on Kubernetes. */
import { asScript, SHARDS } from './shell.ts'

/** What one lab needs (README, "Prove it yourself"). */
const resources = { requests: { 'cpu': '2', 'memory': '8Gi', 'ephemeral-storage': '25Gi' } }

/** @param env of the container, as Kubernetes writes it */
export function labContainer(image: string, lines: readonly string[], env: readonly object[]): object {
  return {
    ...plainContainer(image, lines),
    env,
    resources,
    // Docker in it makes clusters, networks and mounts.
    securityContext: { privileged: true },
    // Docker's own storage cannot lie on an overlay.
    volumeMounts: [{ name: 'shards', mountPath: SHARDS }, { name: 'docker', mountPath: '/var/lib/docker' }],
  }
}

export const plainContainer = (image: string, lines: readonly string[]): object => ({
  image, command: ['bash', '-c'], args: [asScript(lines)], volumeMounts: [{ name: 'shards', mountPath: SHARDS }],
})

export const dockerVolume = { name: 'docker', emptyDir: {} }

/** For all shards at once, hence many writers. */
export const claim = { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '1Gi' } } }
