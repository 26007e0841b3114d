/** A Debian host of the lab: systemd and sshd in a container whose only network is the LAN. */
import { setTimeout as wait } from 'node:timers/promises'
import { LabError } from '../errors.ts'
import { labelled } from '../names.ts'
import { NO_PROXIES } from '../proxy.ts'
import { plug } from '../network/lan.ts'
import type { HostPlan, Topology } from '../topology/topology.ts'
import { docker, exec } from './docker.ts'

export interface MachineOptions {
  readonly lab: string
  readonly topology: Topology
  readonly host: HostPlan
  readonly container: string
  readonly image: string
  /** Files of this machine at paths of the host, read-only. */
  readonly mounts: Readonly<Record<string, string>>
}

export async function startMachine(options: MachineOptions): Promise<void> {
  const { lab, topology, host, container } = options
  await createMachine(options)
  await docker(['start', container])
  await plug(lab, topology, host, container)
}

/** The container, not running yet: files may be put into it before anything in it reads them. */
export async function createMachine({ lab, topology, host, container, image, mounts }: MachineOptions): Promise<void> {
  await docker(['create', '--name', container, '--hostname', host.name, ...labelled(lab),
    '--privileged', '--network', 'none', '--env', `PROOFBOOK_NIC=${topology.lan.nic}`,
    // Docker's client hands on the proxies in its settings otherwise, by which no address of the lab is reached.
    ...Object.keys(NO_PROXIES).flatMap(name => ['--env', `${name}=`]),
    // Nobody answers on the host's own port 53, so a name that is not in /etc/hosts fails at once.
    '--dns', '127.0.0.1',
    ...topology.hosts.flatMap(({ name, address }) => ['--add-host', `${name}:${address}`]),
    '--tmpfs', '/run', '--tmpfs', '/run/lock', '--tmpfs', '/tmp:exec',
    ...Object.entries(mounts).flatMap(([path, file]) => ['--volume', `${file}:${path}:ro`]),
    image])
}

/** Paths on this machine. */
export interface Tools {
  readonly kubectl: string
  readonly vegeta: string
  /** Missing in the record of a lab that an earlier version made. */
  readonly etcdutl?: string
  /** Of a lab that holds Cilium. */
  readonly helm?: string
  /** Missing in the record of a lab that an earlier version made. */
  readonly fluxDefinitions?: string
  /** Folder. */
  readonly ciliumChart?: string
  /** Folders, by version. */
  readonly furtherCharts?: Readonly<Record<string, string>>
}

/** Flux's CustomResourceDefinitions, for pages that ask the API about its objects. */
export const FLUX_DEFINITIONS = '/usr/local/share/crds/flux.yaml'

/** Where `helm pull --untardir /usr/local/share/charts` puts it. */
export const CHART = '/usr/local/share/charts/cilium'

/** The chart of a further release, beside that one: `helm pull --untardir /usr/local/share/charts/1.20.1`. */
export const furtherChart = (version: string): string => `/usr/local/share/charts/${version}/cilium`

/** A workstation has the programs that a reader's has; every other host is bare. */
export const toolsOf = ({ roles }: HostPlan, { kubectl, vegeta, etcdutl, helm, fluxDefinitions, ciliumChart, furtherCharts = {} }: Tools): Readonly<Record<string, string>> => roles.includes('workstation')
  ? {
      '/usr/local/bin/kubectl': kubectl, '/usr/local/bin/vegeta': vegeta,
      ...etcdutl === undefined ? {} : { '/usr/local/bin/etcdutl': etcdutl },
      ...helm === undefined ? {} : { '/usr/local/bin/helm': helm },
      ...fluxDefinitions === undefined ? {} : { [FLUX_DEFINITIONS]: fluxDefinitions },
      ...ciliumChart === undefined ? {} : { [CHART]: ciliumChart },
      ...Object.fromEntries(Object.entries(furtherCharts).map(([version, folder]) => [furtherChart(version), folder])),
    }
  : {}

/** Milliseconds for systemd to start everything. */
const STARTING = 90_000

/**
 * Waits until systemd has started all that it will start.
 * @throws LabError when that takes too long, or a unit failed
 */
export async function machineIsUp(container: string, signal: AbortSignal): Promise<void> {
  const state = await hasStarted(container, signal)
  if (state === 'running') return
  if (state === 'degraded') throw new LabError(`${container}: these units failed: ${await failedUnits(container)}; see: docker exec ${container} journalctl -b`)
  throw new LabError(`${container}: systemd is "${state}" after ${STARTING / 1000} s, expected "running"; see: docker logs ${container}`)
}

/** @returns systemd's word: "running", or "degraded" where a unit failed; any other is where it stood when time was up */
export async function hasStarted(container: string, signal: AbortSignal): Promise<string> {
  const deadline = performance.now() + STARTING
  // `--wait` blocks until then, but fails as long as systemd does not listen yet; "degraded" exits 1.
  for (;;) {
    signal.throwIfAborted()
    const printed = await exec(container, ['sh', '-c', 'systemctl is-system-running --wait 2>/dev/null || true'], { timeout: STARTING }).catch(() => '')
    const state = printed.trim()
    if (state === 'running' || state === 'degraded' || performance.now() > deadline) return state
    await wait(200, undefined, { signal })
  }
}

async function failedUnits(container: string): Promise<string> {
  const units = await exec(container, ['systemctl', '--failed', '--no-legend', '--plain'])
  return units.trim().split('\n').map(line => line.split(' ')[0]).join(', ')
}
