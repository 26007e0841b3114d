/** ssh into the lab's hosts, with a key of this lab only: the way in that a reader's own hosts have. */
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { HostPlan } from '../topology/topology.ts'
import { exec, put } from './docker.ts'

export interface SshHost {
  readonly name: string
  readonly address: string
  readonly container: string
}

/** Paths in the lab's folder. */
export const sshPaths = (folder: string) => ({
  key: join(folder, 'ssh', 'id_ed25519'),
  knownHosts: join(folder, 'ssh', 'known_hosts'),
  config: join(folder, 'ssh_config'),
})

/**
 * Makes a key, authorises it on each host, and writes an ssh_config by which all are reached: through `docker exec`
 * into `jump`, then over the LAN.
 */
export async function openSsh(folder: string, hosts: readonly SshHost[], jump: string): Promise<void> {
  const paths = sshPaths(folder)
  const [privateKey = '', publicKey = ''] = (await exec(jump, ['sh', '-ec',
    'cd "$(mktemp -d)"; ssh-keygen -q -t ed25519 -N "" -C proofbook-lab -f key; cat key; echo @@; cat key.pub; rm -r "$PWD"'])).split('@@\n')
  const hostKeys = await Promise.all(hosts.map(async ({ name, address, container }) => {
    await put(container, '/root/.ssh/authorized_keys', publicKey, '0600')
    const key = await exec(container, ['cat', '/etc/ssh/ssh_host_ed25519_key.pub'])
    return `${name},${address} ${key.trim().split(' ').slice(0, 2).join(' ')}\n`
  }))
  await mkdir(join(folder, 'ssh'), { recursive: true })
  await writeFile(paths.key, privateKey, { mode: 0o600 })
  await chmod(paths.key, 0o600)
  await writeFile(paths.knownHosts, hostKeys.join(''))
  await writeFile(paths.config, sshConfig(hosts, jump, paths))
}

function sshConfig(hosts: readonly SshHost[], jump: string, paths: ReturnType<typeof sshPaths>): string {
  return [
    ...hosts.map(({ name, address }) => `Host ${name} ${address}\n  HostName ${address}\n`),
    `Host ${hosts.flatMap(({ name, address }) => [name, address]).join(' ')}`,
    '  User root',
    `  IdentityFile "${paths.key}"`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile "${paths.knownHosts}"`,
    '  StrictHostKeyChecking yes',
    `  ProxyCommand docker exec -i ${jump} nc %h %p`,
    '',
  ].join('\n')
}

/** An inventory of these hosts for `proofbook run --target hosts`, as a reader would write one. */
export async function sshInventory(folder: string, context: string | undefined, hosts: readonly Pick<HostPlan, 'name' | 'address' | 'roles'>[]): Promise<void> {
  await writeFile(join(folder, 'hosts.yaml'), stringify({
    ...context === undefined ? {} : { context },
    ssh: { config: sshPaths(folder).config },
    hosts: Object.fromEntries(hosts.map(({ name, address, roles }) =>
      [name, { ssh: `root@${address}`, roles }])),
  }))
}
