/** What a lab could leave on the machine, looked at by other means than Proofbook's own. */
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** One line each, sorted: containers, networks, volumes, links, mounts, firewall rules, programs of labs, their cgroups. */
export async function traces(): Promise<string[]> {
  const lists = await Promise.all([
    of('container', 'docker', 'ps', '--all', '--format', '{{.Names}}'),
    of('network', 'docker', 'network', 'ls', '--format', '{{.Name}}'),
    of('volume', 'docker', 'volume', 'ls', '--format', '{{.Name}}'),
    readdir('/sys/class/net').then(links => links.map(link => `link ${link}`)),
    readFile('/proc/mounts', 'utf8').then(text => text.trim().split('\n').map(line => `mount ${line.split(' ')[1]}`)),
    of('rule', 'sh', '-c', 'PATH=$PATH:/usr/sbin:/sbin; for flavour in nft legacy; do iptables-$flavour-save; done 2>/dev/null | grep -e proofbook -e " pb-" || true'),
    programs(),
    of('cgroup', 'unshare', '--mount', 'sh', '-c', 'mount -t cgroup2 none /mnt && ls /mnt | grep ^proofbook- || true').catch(() => []),
  ])
  return lists.flat().sort()
}

async function of(what: string, command: string, ...args: string[]): Promise<string[]> {
  const { stdout } = await run(command, args)
  return stdout.split('\n').filter(line => line !== '').map(line => `${what} ${line}`)
}

/** Whatever works on a lab: kind, docker, kubectl, with the name of its cluster among their words. */
async function programs(): Promise<string[]> {
  const { stdout } = await run('ps', ['-eo', 'args'])
  return stdout.split('\n').filter(line => /^\S*(kind|docker|kubectl|k3d) .*proofbook-/.test(line)).map(line => `program ${line}`)
}
