/** A reader's own machines: over ssh with the reader's keys, and this machine as workstation. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { factScript, parseFacts } from '../lab/inventory/facts.ts'
import { BadInput } from '../runbook/errors.ts'
import { bindContext, type Cluster } from './hosts/context.ts'
import { HostsNotReady } from './hosts/errors.ts'
import { wayTo, type HostEntry, type HostsInventory, type SshEntry } from './hosts/inventory.ts'
import { parseInventory } from './hosts/inventory-file.ts'
import { explainSsh } from './hosts/ssh-problems.ts'
import { sudoPasswords, type AskSecret } from './hosts/sudo-password.ts'
import { clusterHost, usedHosts, type UsedBlock } from './hosts/used.ts'
import { localTarget } from './local.ts'
import type { Host, Inventory, Target } from './target.ts'
import { remoteHost, type RemoteHost } from './transport/host.ts'
import { sshTransport, type SshOptions } from './transport/ssh.ts'

/** Milliseconds for the facts of one host. */
const FACTS = 120_000

/** Milliseconds for a host to show its key. */
const SHOW_KEY = 15_000

export interface HostsOptions {
  /** What is going to run: every host that it names is reached before anything runs. */
  readonly blocks: readonly UsedBlock[]
  /** In place of the inventory's. */
  readonly context?: string
  /** Not given where there is no terminal. */
  readonly ask?: AskSecret
  readonly signal?: AbortSignal
}

/**
 * @throws BadInput when the inventory is not one, or names no context where one is needed
 * @throws HostsNotReady when a host cannot be reached or used
 */
export async function openHosts(file: string, { blocks, context, ask, signal }: HostsOptions): Promise<Target> {
  const inventory = parseInventory(file, read(file))
  const facts = { ...inventory.facts, target: 'hosts' }
  const used = usedHosts(inventory.hosts, blocks, facts)
  const passwords = await sudoPasswords(used, ask)
  const opened = inventory.hosts.map(entry => ({ entry, host: hostOf(entry, inventory, passwords) }))
  signal?.throwIfAborted()
  await reachAll(opened.flatMap(({ entry, host }) => used.includes(entry) && 'connect' in host ? [host] : []))

  const worksFrom = clusterHost(inventory.hosts, blocks, facts)
  const workstation = opened.find(({ entry }) => entry === worksFrom)?.host
  const cluster = workstation && await bindContext(workstation, { ...inventory, context: context ?? inventory.context }, signal)
  const hosts = opened.map(({ host }) => host === workstation && cluster ? withEnv(host, cluster.env) : host)
  return {
    name: 'hosts',
    lab: false,
    hosts,
    facts,
    values: {},
    summary: summaryOf(cluster, used.length > 0 ? used : inventory.hosts),
    ...cluster === undefined ? {} : { cluster: `${cluster.server}, cluster ${cluster.id}` },
    images: [],
    versions: async () => ({}),
    inventory: () => factsOf(opened.flatMap(({ entry, host }) => entry.ssh ? [host] : [])),
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new BadInput(`--inventory ${file} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}

function hostOf({ name, roles, ssh }: HostEntry, { config }: HostsInventory, passwords: ReadonlyMap<string, string>): Host | RemoteHost {
  if (ssh === undefined) {
    const [here] = localTarget({ hosts: [{ name, roles }], ahead: false }).hosts
    if (here === undefined) throw new Error('a local target has no host')
    return here
  }
  const { sudo, ...way } = ssh
  const options: SshOptions = {
    ...way,
    ...config === undefined ? {} : { config },
    sudo: sudo === 'password' ? async () => passwords.get(name) : sudo,
  }
  const where = { name, ssh, byHand: byHand(ssh, config), offered: () => offeredKey(options) }
  return remoteHost(sshTransport({ ...options, explain: refusal => explainSsh(refusal, where) }), { name, roles, address: ssh.destination })
}

/** @throws HostsNotReady that tells of every host */
async function reachAll(hosts: readonly RemoteHost[]): Promise<void> {
  const tries = await Promise.allSettled(hosts.map(host => host.connect()))
  const problems = tries.flatMap(tried => tried.status === 'rejected' ? [(tried.reason as Error).message] : [])
  if (problems.length === 0) return
  for (const host of hosts) host.close()
  throw new HostsNotReady(problems)
}

function byHand({ destination, port, identity, jump }: SshEntry, config: string | undefined): string {
  return ['ssh', ...config === undefined ? [] : ['-F', config], ...identity === undefined ? [] : ['-i', identity],
    ...port === undefined ? [] : ['-p', String(port)], ...jump === undefined ? [] : ['-J', jump], destination].join(' ')
}

/** What ssh says of the key that the host shows, before it refuses it. */
async function offeredKey(options: SshOptions): Promise<string | undefined> {
  const [program = '', ...args] = sshTransport(options).reach(['true'])
  return new Promise((resolve) => {
    execFile(program, ['-v', ...args], { timeout: SHOW_KEY }, (_, __, stderr) =>
      resolve(/Server host key: \S+ (\S+)/.exec(stderr)?.[1]))
  })
}

function withEnv(host: Host, env: Readonly<Record<string, string>>): Host {
  return { ...host, bash: (script, options) => host.bash(script, { ...options, env: { ...env, ...options.env } }) }
}

function summaryOf(cluster: Cluster | undefined, entries: readonly HostEntry[]): string {
  const hosts = entries.map(({ name, ssh }) => `${name} (${ssh === undefined ? 'this machine' : wayTo(ssh)}${ssh?.sudo ? ', sudo' : ''})`)
  return `${cluster === undefined ? '' : `context "${cluster.context}" (${cluster.server}, cluster ${cluster.id}), `}hosts ${hosts.join(', ')}`
}

async function factsOf(hosts: readonly Host[]): Promise<Inventory> {
  const lists = await Promise.all(hosts.map(async (host) => {
    const outcome = await host.bash(factScript('machine'), { timeout: FACTS })
    if (outcome.transportError !== undefined) throw new Error(`${host.name}: ${outcome.transportError}`)
    return parseFacts('machine', host.name, outcome.stdout)
  }))
  return [...new Set(lists.flat())].sort()
}
