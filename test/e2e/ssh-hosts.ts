/** Three machines with a real sshd and no cluster: `web` and `bastion`, which this machine reaches, and `inner` behind bastion. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { docker, exec, put } from '../../src/lab/hosts/docker.ts'
import { machineIsUp, startMachine } from '../../src/lab/hosts/machine.ts'
import { ensureImages } from '../../src/lab/images/ensure.ts'
import { machineContainer, labelled, networkName } from '../../src/lab/names.ts'
import { createNetwork } from '../../src/lab/network/docker-network.ts'
import { plug, startLan } from '../../src/lab/network/lan.ts'
import type { HostPlan, Topology } from '../../src/lab/topology/topology.ts'
import { progress } from './progress.ts'

const run = promisify(execFile)
const LAB = 'e2e-ssh'
const NAMES = ['web', 'bastion', 'inner'] as const
export type Name = typeof NAMES[number]

/** A password with what a shell, a prompt and sudo's own escapes could trip over. */
export const PASSWORD = 'corr%p "horse" $1\\n'

const topology: Topology = {
  name: 'ssh',
  lan: { prefix: 24, nic: 'enp1s0', gateway: '192.168.0.1' },
  hosts: [
    { name: 'bastion', kind: 'machine', address: '192.168.0.46', roles: [] },
    { name: 'inner', kind: 'machine', address: '192.168.0.47', roles: [] },
  ],
  ingress: false,
}


export interface SshHosts {
  readonly folder: string
  readonly address: Readonly<Record<Name, string>>
  readonly knownHosts: string
  readonly key: string
  /** A key that no host lets in. */
  readonly otherKey: string
  container(name: Name): string
  on(name: Name, script: string): Promise<string>
  /** Writes an inventory of these hosts, as lines below `hosts:`, and returns its path; `config` has another key. */
  inventory(hosts: readonly string[], top?: readonly string[], config?: 'ssh_config' | 'stranger_config'): string
  stop(): Promise<void>
}

export async function startSshHosts(): Promise<SshHosts> {
  try {
    return await start()
  } catch (error) {
    await removeAll()
    throw error
  }
}

async function start(): Promise<SshHosts> {
  const { host: image, kubectl } = await ensureImages(progress)
  const folder = mkdtempSync(join(tmpdir(), 'proofbook-ssh-'))
  const container = (name: Name): string => machineContainer(LAB, name)
  const on: SshHosts['on'] = (name, script) => exec(container(name), ['bash', '-ec', script])
  await removeAll()

  await startLan(LAB, image, folder)
  await createNetwork(LAB, topology, image, folder, ['--internal'])
  const [bastion, inner] = topology.hosts as [HostPlan, HostPlan]
  await Promise.all([
    onNetwork('web', image, [`--volume=${kubectl}:/usr/local/bin/kubectl:ro`]),
    onNetwork('bastion', image, [`--env=PROOFBOOK_NIC=${topology.lan.nic}`]).then(() => plug(LAB, topology, { ...bastion, kind: 'server' }, container('bastion'))),
    startMachine({ lab: LAB, topology, host: inner, container: container('inner'), image, mounts: {} }),
  ])
  await Promise.all(NAMES.map(name => machineIsUp(container(name), new AbortController().signal)))

  const key = join(folder, 'key')
  const otherKey = join(folder, 'other-key')
  for (const file of [key, otherKey]) await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file])
  await Promise.all(NAMES.map(name => letIn(container(name), readFileSync(`${key}.pub`, 'utf8'))))

  const address = {
    web: await addressOf(container('web')),
    bastion: await addressOf(container('bastion')),
    inner: inner.address,
  }
  const knownHosts = join(folder, 'known_hosts')
  const lines = await Promise.all(NAMES.map(async name =>
    `${address[name]} ${(await on(name, 'cut -d" " -f1,2 /etc/ssh/ssh_host_ed25519_key.pub')).trim()}\n`))
  writeFileSync(knownHosts, lines.join(''))
  for (const [name, identity] of [['ssh_config', key], ['stranger_config', otherKey]] as const) {
    writeFileSync(join(folder, name), `Host *\n  IdentityFile ${identity}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${knownHosts}\n`
      + '  GlobalKnownHostsFile none\n  HostKeyAlgorithms ssh-ed25519\n')
  }
  let files = 0
  return {
    folder, address, knownHosts, key, otherKey, container, on,
    inventory(hosts, top = [], config = 'ssh_config') {
      const file = join(folder, `hosts-${++files}.yaml`)
      writeFileSync(file, [...top, `ssh: { config: ${config} }`, 'hosts:', ...hosts.map(line => `  ${line}`), ''].join('\n'))
      return file
    },
    async stop() {
      await removeAll()
      rmSync(folder, { recursive: true })
    },
  }

  async function onNetwork(name: Name, from: string, more: readonly string[]): Promise<void> {
    await docker(['run', '--detach', '--name', container(name), '--hostname', name, ...labelled(LAB), '--privileged',
      '--network', networkName(LAB), '--tmpfs', '/run', '--tmpfs', '/run/lock', '--tmpfs', '/tmp:exec', ...more, from])
  }
}

/** root, and two users: `admin`, whom sudo asks for a password, and `runner`, whom it does not ask. */
async function letIn(container: string, publicKey: string): Promise<void> {
  await put(container, '/root/.ssh/authorized_keys', publicKey, '0600')
  await exec(container, ['bash', '-ec', `for user in admin runner; do
  useradd --create-home --shell /bin/bash "$user"
  install -D --mode 600 --owner "$user" /root/.ssh/authorized_keys "/home/$user/.ssh/authorized_keys"
  chown "$user" "/home/$user/.ssh"
done
usermod --append --groups sudo admin
echo 'runner ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/runner
chpasswd`], { input: `admin:${PASSWORD}\n` })
}

async function addressOf(container: string): Promise<string> {
  return (await docker(['inspect', '--format', `{{(index .NetworkSettings.Networks "${networkName(LAB)}").IPAddress}}`, container])).trim()
}

async function removeAll(): Promise<void> {
  const ids = (await docker(['ps', '--all', '--quiet', '--filter', `label=proofbook.lab=${LAB}`])).split('\n').filter(Boolean)
  if (ids.length > 0) await docker(['rm', '--force', '--volumes', ...ids])
  await docker(['network', 'rm', networkName(LAB)]).catch(() => undefined)
}
