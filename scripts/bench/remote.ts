/** One container with sshd, to compare a step with what it would cost without a session. Removed at the end. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dockerTransport } from '../../src/target/transport/docker.ts'
import { remoteHost } from '../../src/target/transport/host.ts'
import { sshTransport } from '../../src/target/transport/ssh.ts'
import type { Transport } from '../../src/target/transport/transport.ts'
import { median } from './measure.ts'

const NAME = 'proofbook-bench-host'
const docker = (...args: string[]): string => execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()

export interface Remote {
  readonly transports: readonly { readonly name: string, readonly transport: Transport, readonly fresh: readonly string[] }[]
  stop(): void
}

/** Undefined when this machine has no Docker or not the image of lab hosts (proofbook lab images build). */
export function startRemote(folder: string): Remote | undefined {
  const found = spawnSync('docker', ['images', '--filter', 'reference=proofbook/host', '--format', '{{.Repository}}:{{.Tag}}'], { encoding: 'utf8' })
  const image = found.stdout?.split('\n')[0]
  if (found.status !== 0 || !image) return undefined
  const stop = (): void => {
    spawnSync('docker', ['rm', '--force', '--volumes', NAME])
    spawnSync('docker', ['network', 'rm', NAME])
  }
  stop()
  mkdirSync(folder, { recursive: true })
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')])
  docker('network', 'create', '--internal', '--label', 'proofbook.lab=bench', NAME)
  docker('run', '--detach', '--name', NAME, '--label', 'proofbook.lab=bench', '--network', NAME, '--volume', `${folder}/key.pub:/key.pub:ro`,
    '--entrypoint', 'bash', image, '-ec',
    'install -D -m 600 /key.pub /root/.ssh/authorized_keys; mkdir -p /run/sshd; ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key; exec /usr/sbin/sshd -D')
  const address = docker('inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', NAME)
  const until = Date.now() + 20_000
  let key = ''
  while (key === '' && Date.now() < until) {
    key = spawnSync('docker', ['exec', NAME, 'bash', '-c', 'echo > /dev/tcp/127.0.0.1/22 && cut -d" " -f1,2 /etc/ssh/ssh_host_ed25519_key.pub'], { encoding: 'utf8' }).stdout.trim()
  }
  writeFileSync(join(folder, 'known_hosts'), `${address} ${key}\n`)
  const config = join(folder, 'ssh_config')
  writeFileSync(config, `Host *\n  User root\n  IdentityFile ${folder}/key\n  IdentitiesOnly yes\n  UserKnownHostsFile ${folder}/known_hosts\n`)
  return {
    transports: [
      { name: 'docker exec', transport: dockerTransport(NAME), fresh: ['docker', 'exec', NAME, 'bash', '-c', 'true'] },
      { name: 'ssh connection', transport: sshTransport({ destination: address, config }), fresh: ['ssh', '-F', config, address, 'true'] },
    ],
    stop,
  }
}

/** Milliseconds of a step `true` on an open session and of a fresh connection, in turn; the median of each. */
export async function stepAndFresh({ transport, fresh }: Remote['transports'][number], rounds: number): Promise<readonly [number, number]> {
  const host = remoteHost(transport, { name: 'bench', roles: [] })
  const [program = '', ...args] = fresh
  const [steps, connections]: [number[], number[]] = [[], []]
  for (let round = 0; round <= rounds; round++) {
    let started = performance.now()
    const { exit, transportError } = await host.bash('true\n', { timeout: 30_000 })
    if (exit !== 0) throw new Error(transportError ?? `exit ${exit}`)
    if (round > 0) steps.push(performance.now() - started)
    started = performance.now()
    execFileSync(program, args)
    if (round > 0) connections.push(performance.now() - started)
  }
  host.close()
  return [median(steps), median(connections)]
}
