/** The lab's own Docker network: kind's nodes need one, and their addresses on it must outlive a power cycle. */
import { LabError } from '../errors.ts'
import { docker, inspect } from '../hosts/docker.ts'
import { ask } from '../images/run.ts'
import { bridgeName, label, networkName } from '../names.ts'

/** On the network, which goes last: the image that can remove the firewall rule. */
export const IMAGE_LABEL = 'proofbook.image'

/**
 * Makes the network. Docker picks a free subnet; it is then asked for by name, because fixed addresses are
 * only allowed in a subnet that somebody chose.
 */
export async function createNetwork(lab: string, image: string): Promise<void> {
  const name = networkName(lab)
  const create = async (subnet: readonly string[]): Promise<void> => {
    await docker(['network', 'create', '--label', label(lab), '--label', `${IMAGE_LABEL}=${image}`,
      '--opt', `com.docker.network.bridge.name=${bridgeName(lab)}`, ...subnet, name])
  }
  await create([])
  const picked = (await docker(['network', 'inspect', '--format', '{{(index .IPAM.Config 0).Subnet}}', name])).trim()
  await docker(['network', 'rm', name])
  await create(['--subnet', picked])
}

export async function removeNetworks(lab: string): Promise<void> {
  const names = await docker(['network', 'ls', '--filter', `label=${label(lab)}`, '--format', '{{.Name}}'])
  for (const name of names.split('\n').filter(line => line !== '')) await docker(['network', 'rm', name])
}

/** The image that its maker left on the network's label, when there is still one. */
export async function imageOfNetwork(lab: string): Promise<string | undefined> {
  const text = await ask(['docker', 'network', 'inspect', '--format', `{{index .Labels "${IMAGE_LABEL}"}}`, networkName(lab)])
  return text === undefined || text.trim() === '' ? undefined : text.trim()
}

/**
 * Makes a stopped container always come back with this address: Docker hands addresses out in the order of starting,
 * and two etcd members that swap theirs never find each other again.
 */
export async function pinAddress(lab: string, container: string, address: string): Promise<void> {
  const network = networkName(lab)
  const state = await inspect(container)
  if (state === undefined) throw new LabError(`there is no container ${container} any more; make the lab anew: proofbook lab down, then lab up`)
  const pinned = state.addresses[network]?.pinned
  if (pinned === address) return
  if (pinned !== undefined || state.addresses[network] !== undefined) await docker(['network', 'disconnect', '--force', network, container])
  await docker(['network', 'connect', '--ip', address, network, container])
}
