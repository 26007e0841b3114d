/**
 * The LAN: a bridge in the network namespace of a container of its own, so that it can neither collide with the
 * reader's networks nor leak into them, and Docker's bridge filters never see its frames. NICs are pushed from there
 * into the hosts; nothing on the machine needs root, and removing the containers removes all of it.
 */
import { docker, exec, inspect } from '../hosts/docker.ts'
import { FOLDER_LABEL, labelled, lanContainer } from '../names.ts'
import { LabError } from '../errors.ts'
import { macOf, type HostPlan, type Topology } from '../topology/topology.ts'

const BRIDGE = 'lan'

/** Where the LAN container sees the machine's cgroups, for thawing (see power.ts). */
export const MACHINE_CGROUPS = '/machine/cgroup'

export async function startLan(lab: string, image: string, folder: string): Promise<void> {
  await docker(['run', '--detach', '--name', lanContainer(lab), '--hostname', 'lan',
    ...labelled(lab), '--label', `${FOLDER_LABEL}=${folder}`,
    '--privileged', '--network', 'none', '--pid', 'host', '--volume', `/sys/fs/cgroup:${MACHINE_CGROUPS}`,
    '--entrypoint', 'sh', image,
    '-ec', `ip link add ${BRIDGE} type bridge; ip link set ${BRIDGE} up; exec sleep infinity`])
}

/** $1 pid of the host's first process, $2 port name, $3 NIC name, $4 hardware address, $5 address/prefix, $6 gateway or empty. */
const PLUG = `set -e
until ip link show ${BRIDGE} >/dev/null 2>&1; do sleep 0.05; done
ip link del "$2" 2>/dev/null || true
ip link add "$2" type veth peer name "$3" address "$4" netns "$1"
ip link set "$2" master ${BRIDGE} up
exec nsenter -t "$1" -n sh -ec '
  ip link set lo up
  ip addr add "$3" broadcast + dev "$1"
  ip link set "$1" up
  # as it is on a NIC that was there before the system started; a node that is switched on again gets it too early
  echo 1 > "/proc/sys/net/ipv4/conf/$1/rp_filter"
  [ -z "$4" ] || ip route replace default via "$4"' nic "$3" "$4" "$5" "$6"`

/**
 * Gives a running host its NIC. A machine gets a default route too, which leads nowhere: without a route, addresses
 * outside of the LAN fail in another way than on a real network. A server has Docker's.
 */
export async function plug(lab: string, topology: Topology, host: HostPlan, container: string): Promise<void> {
  const state = await inspect(container)
  if (state?.running !== true) throw new LabError(`${host.name}: container ${container} does not run, so it can have no NIC; see: docker logs ${container}`)
  const { nic, prefix, gateway } = topology.lan
  await exec(lanContainer(lab), ['sh', '-c', PLUG, 'plug', String(state.pid), `p-${host.name}`, nic, macOf(host.address),
    `${host.address}/${prefix}`, host.kind === 'machine' ? gateway : ''])
}
