/** A reader's own machines: over ssh with the reader's keys, and this machine as workstation. */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { factScript, parseFacts } from '../lab/inventory/facts.ts'
import { parseInventory, type HostEntry } from './hosts/inventory-file.ts'
import { localTarget } from './local.ts'
import type { Host, Inventory, Target } from './target.ts'
import { remoteHost } from './transport/host.ts'
import { sshTransport } from './transport/ssh.ts'

/** Milliseconds for the facts of one host. */
const FACTS = 120_000

/**
 * Reads the file and reaches nobody yet.
 * @throws BadInput with file and line when the inventory is not one
 */
export function hostsTarget(file: string): Target {
  const { context, config, hosts: entries } = parseInventory(file, readFileSync(file, 'utf8'))
  const sshConfig = config === undefined ? undefined : resolve(dirname(file), config)
  const hosts = entries.map(entry => hostOf(entry, sshConfig))
  return {
    name: 'hosts',
    lab: false,
    hosts,
    facts: { target: 'hosts' },
    values: {},
    summary: `${context === undefined ? 'hosts' : `cluster "${context}", hosts`} ${entries
      .map(({ name, destination }) => `${name} (${destination ?? 'this machine'})`).join(', ')}`,
    images: [],
    versions: async () => ({}),
    inventory: () => facts(hosts.filter((_, index) => entries[index]?.destination !== undefined)),
  }
}

function hostOf({ name, roles, destination, sudo }: HostEntry, config: string | undefined): Host {
  if (destination === undefined) {
    const [here] = localTarget({ hosts: [{ name, roles }] }).hosts
    if (here === undefined) throw new Error('a local target has no host')
    return here
  }
  const transport = sshTransport({ destination, sudo, ...config === undefined ? {} : { config } })
  return remoteHost(transport, { name, roles, address: destination })
}

async function facts(hosts: readonly Host[]): Promise<Inventory> {
  const lists = await Promise.all(hosts.map(async (host) => {
    const outcome = await host.bash(factScript('machine'), { timeout: FACTS })
    if (outcome.transportError !== undefined) throw new Error(`${host.name}: ${outcome.transportError}`)
    return parseFacts('machine', host.name, outcome.stdout)
  }))
  return [...new Set(lists.flat())].sort()
}
