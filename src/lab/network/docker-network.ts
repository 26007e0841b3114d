/** The lab's own Docker network: kind's nodes need one, and their addresses on it must outlive a power cycle. */
import { LabError } from '../errors.ts'
import { docker, inspect } from '../hosts/docker.ts'
import { ask } from '../images/run.ts'
import { bridgeName, FOLDER_LABEL, label, labelled, networkName } from '../names.ts'
import { lanSubnet, type Topology } from '../topology/topology.ts'
import { firstHost, overlap } from './subnets.ts'

/** On the network, which goes last: the image that can remove the firewall rule. */
export const IMAGE_LABEL = 'proofbook.image'

/** Taken inside of the cluster: defaults of kind and of k3s for pods and Services. */
const CLUSTER = ['10.244.0.0/16', '10.96.0.0/16', '10.42.0.0/16', '10.43.0.0/16']

/** How many of Docker's subnets are tried; it has about 30 by default. */
const TRIES = 32

/**
 * Makes the network in a subnet that Docker picks, since Docker knows which are free on this machine, but none that
 * the lab uses otherwise: it hands out 192.168.0.0/20 in its turn. The subnet is then asked for by name, because
 * fixed addresses are only allowed in a subnet that somebody chose.
 *
 * @param options further ones of `docker network create`
 */
export async function createNetwork(lab: string, topology: Topology, image: string, folder: string, options: readonly string[] = []): Promise<void> {
  const name = networkName(lab)
  const create = (network: string, subnet?: string): Promise<string> => docker(['network', 'create', ...options, ...labelled(lab),
    '--label', `${FOLDER_LABEL}=${folder}`, '--label', `${IMAGE_LABEL}=${image}`,
    ...network === name ? ['--opt', `com.docker.network.bridge.name=${bridgeName(lab)}`] : [],
    ...subnet === undefined ? [] : ['--subnet', subnet, '--gateway', firstHost(subnet)], network])
  const taken = [...CLUSTER, lanSubnet(topology)]
  const refused: string[] = []
  await refuseForeign(name)
  for (let tries = 0; tries < TRIES; tries++) {
    await create(name)
    const picked = (await docker(['network', 'inspect', '--format', '{{(index .IPAM.Config 0).Subnet}}', name])).trim()
    await docker(['network', 'rm', name])
    if (!taken.some(subnet => overlap(subnet, picked))) {
      await create(name, picked)
      for (const placeholder of refused) await docker(['network', 'rm', placeholder])
      return
    }
    // Held until another one is found, or Docker would pick it again.
    refused.push(`${name}-not-${tries}`)
    await create(refused.at(-1) ?? '', picked)
  }
  throw new LabError(`Docker has no subnet left that does not overlap ${taken.join(', ')}; remove networks that nobody uses: docker network prune`)
}

/**
 * What lacks our label is left alone. kind makes such a network by itself when the lab's was removed while it worked.
 * @throws LabError that says how to remove it
 */
async function refuseForeign(name: string): Promise<void> {
  const found = await docker(['network', 'ls', '--filter', `name=^${name}$`, '--format', '{{.Name}}'])
  if (found.trim() === '') return
  throw new LabError(`received a network ${name} without a label of Proofbook, expected none of that name: it is left alone. Remove it if nobody uses it: docker network rm ${name}`)
}

/** Removes them, and tells how many there were. */
export async function removeNetworks(lab: string): Promise<number> {
  const ls = async (): Promise<string[]> => {
    const names = await docker(['network', 'ls', '--filter', `label=${label(lab)}`, '--format', '{{.Name}}'])
    return names.split('\n').filter(line => line !== '')
  }
  const names = await ls()
  for (const name of names) {
    await docker(['network', 'rm', name]).catch(async (error: unknown) => {
      // Another process may have been faster.
      if ((await ls()).includes(name)) throw error
    })
  }
  return names.length
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
