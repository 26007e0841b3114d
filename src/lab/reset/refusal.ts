import type { CommandFailed } from '../images/run.ts'
import type { Lab } from '../lab.ts'

/** Whose command failed, and the last words of that. */
export function refusal({ topology, container }: Pick<Lab, 'topology' | 'container'>, { argv, exit, stderr }: CommandFailed): string {
  const who = topology.hosts.find(({ name }) => argv.includes(container(name)))?.name ?? 'the API server'
  return `${who}: received "${stderr.trim().split('\n').at(-1) || `exit ${exit}`}"`
}
