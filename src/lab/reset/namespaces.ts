/**
 * Namespaces that were not there. The namespace controller lets each be for five seconds before it empties it
 * (namespaceDeletionGracePeriod in pkg/controller/namespace of Kubernetes 1.36): what else a reset does fits into them.
 */
import type { Kubectl } from '../cluster/kubectl.ts'
import { CommandFailed } from '../images/run.ts'
import type { KubeObject } from '../inventory/objects.ts'
import type { Difference } from './host-plan.ts'

/** Has them go, and does not wait. An API server that does not answer yet is asked again by repairObjects. */
export async function dropNamespaces(kubectl: Kubectl, before: readonly KubeObject[]): Promise<void> {
  const kept = new Set(before.filter(({ kind }) => kind === 'Namespace').map(({ metadata: { name } }) => name))
  try {
    const there = await kubectl(['get', 'namespaces', '--output=jsonpath={.items[*].metadata.name}', '--request-timeout=5s'])
    const added = there.trim().split(' ').filter(name => name !== '' && !kept.has(name))
    if (added.length > 0) await kubectl(['delete', 'namespaces', '--ignore-not-found', '--wait=false', '--request-timeout=5s', ...added])
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
  }
}

/**
 * The namespaces that are still to go when nothing else is left but what the controller takes away with them. None when
 * there is more: pods too, since a host changes with its pods. Pure.
 */
export function leaving(left: readonly Difference[]): string[] {
  const names = left.flatMap(line => /^\+ object Namespace (\S+) /.exec(line)?.[1] ?? [])
  const within = (line: Difference): boolean => names.includes(/^\+ object \S+ (?:(\S+?)\/\S+|\S+) /.exec(line)?.[1] ?? '')
  return left.every(line => line.startsWith('+ object Namespace ') || within(line)) ? names : []
}

/** Returns when they are gone, or not within the milliseconds given: what is there then is for the caller to look at. */
export async function areGone(kubectl: Kubectl, names: readonly string[], patience: number): Promise<void> {
  try {
    await kubectl(['wait', '--for=delete', `--timeout=${Math.ceil(patience / 1000)}s`, ...names.map(name => `namespace/${name}`)])
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
  }
}
