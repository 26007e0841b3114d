/** Power of one host: cut (as pulling the plug), off (orderly), on. The only way in which a lab's host may stop or start. */
import { LabError } from '../errors.ts'
import { ask, CommandFailed } from '../images/run.ts'
import { lanContainer } from '../names.ts'
import { pinAddress } from '../network/docker-network.ts'
import { MACHINE_CGROUPS, plug } from '../network/lan.ts'
import type { HostPlan, Topology } from '../topology/topology.ts'
import { docker, exec, inspect, type ContainerState } from './docker.ts'

export const powerActions = ['cut', 'off', 'on'] as const
export type PowerAction = typeof powerActions[number]

export interface Powered {
  readonly lab: string
  readonly topology: Topology
  readonly host: HostPlan
  readonly container: string
  /** The host's address on the Docker network, when it is a server. */
  readonly dockerAddress: string | undefined
}

/**
 * Seconds for an orderly shutdown, then the plug is pulled. On a server all has ended by then but kube-apiserver, which
 * waits up to 60 s for requests that its etcd, gone before it, will never answer (measured: v1.36.4).
 */
const STOP_S = 15

/** Milliseconds for Docker's answer; longer means that something holds the container. */
const PATIENCE = 20_000

export async function power(action: PowerAction, powered: Powered): Promise<void> {
  if (action === 'on') return powerOn(powered)
  const { container } = powered
  const state = await existing(powered)
  if (!state.running) return
  const stop = action === 'cut' ? ['kill', container] : ['stop', '--time', String(STOP_S), container]
  try {
    await docker(stop, { timeout: PATIENCE + (action === 'off' ? STOP_S * 1000 : 0) })
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    await thaw(powered.lab, state)
    await docker(['kill', container], { timeout: PATIENCE }).catch(() => undefined)
  }
  // A process frozen halfway through the creation of a pod holds the dead container: Docker goes on to say "Up".
  for (let tries = 0; (await existing(powered)).running; tries++) {
    if (tries === 3) throw new LabError(`${powered.host.name}: container ${container} does not stop, even thawed; try: docker rm -f ${container}`)
    await thaw(powered.lab, state)
    await ask(['docker', 'kill', container], { timeout: PATIENCE })
  }
}

async function powerOn(powered: Powered): Promise<void> {
  const { lab, topology, host, container, dockerAddress } = powered
  if ((await existing(powered)).running) return
  if (dockerAddress !== undefined) await pinAddress(lab, container, dockerAddress)
  await docker(['start', container])
  await plug(lab, topology, host, container)
}

async function existing({ host, container }: Powered): Promise<ContainerState> {
  const state = await inspect(container)
  if (state) return state
  throw new LabError(`${host.name}: there is no container ${container}; make the lab anew: proofbook lab down, then proofbook lab up`)
}

/**
 * Thaws what is frozen in the cgroup freezer below a container (cgroup v1 and v2): runc freezes a pod's group while
 * it sets it up, and a kill at that moment leaves it frozen, immune to SIGKILL.
 */
export async function thaw(lab: string, { id }: Pick<ContainerState, 'id'>): Promise<void> {
  const script = `for file in $(find ${MACHINE_CGROUPS} -path "*$1*" -name freezer.state 2>/dev/null); do
  grep -q THAWED "$file" || echo THAWED > "$file"
done
for file in $(find ${MACHINE_CGROUPS} -path "*$1*" -name cgroup.freeze 2>/dev/null); do
  grep -q 1 "$file" && echo 0 > "$file"
done; true`
  await exec(lanContainer(lab), ['sh', '-c', script, 'thaw', id]).catch(() => undefined)
}
