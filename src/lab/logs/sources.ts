/** Where the log of each thing in a lab is read. Pure. */
import type { Lab } from '../lab.ts'
import { hostNamed, type HostPlan } from '../topology/topology.ts'

export interface Span {
  readonly follow?: boolean
  /** `90s`, `10m`, `2h`: from so long ago. */
  readonly since?: string
}

export interface LogSource {
  /** Before each line, where there are several. */
  readonly name: string
  readonly argv: readonly string[]
}

/** Systemd's units of a node: what makes it one. */
const NODE_UNITS = ['kubelet', 'containerd']

export const SINCE = /^\d+[smh]$/

/** A host's journal; of a node what its kubelet and containerd say, of one that has no systemd (k3s) all that it says. */
export function hostSource(lab: Lab, host: string, { follow = false, since }: Span): LogSource {
  const container = lab.container(host)
  const plan = hostNamed(lab.topology, host)
  if (!hasJournal(lab, plan)) {
    return { name: host, argv: ['docker', 'logs', ...follow ? ['--follow'] : [], ...since === undefined ? [] : ['--since', since], container] }
  }
  const units = plan?.kind === 'machine' ? [] : NODE_UNITS.flatMap(unit => ['--unit', unit])
  const journal = ['journalctl', '--no-pager', '--boot', ...units,
    ...since === undefined ? [] : [`--since=-${since.replace(/m$/, 'min')}`], ...follow ? ['--follow'] : []]
  // Docker leaves a command running whose reader has gone: so it ends with its standard input.
  const tied = ['sh', '-c', '"$@" & pid=$!; cat > /dev/null; kill $pid', 'follow', ...journal]
  return { name: host, argv: ['docker', 'exec', ...follow ? ['--interactive', container, ...tied] : [container, ...journal]] }
}

export const hasJournal = ({ record }: Pick<Lab, 'record'>, host: Pick<HostPlan, 'kind'> | undefined): boolean =>
  host?.kind === 'machine' || record.target === 'kind'

/** @param what as kubectl names it: `pod/echo-5d9c`, `deployment/traefik` */
export function podSource({ record, folder }: Lab, what: string, namespace: string, { follow = false, since }: Span): LogSource {
  return {
    name: what,
    argv: [record.programs.kubectl, '--kubeconfig', `${folder}/kubeconfig`, 'logs', what, '--namespace', namespace,
      '--all-containers', '--prefix', ...follow ? ['--follow'] : [], ...since === undefined ? [] : [`--since=${since}`]],
  }
}
