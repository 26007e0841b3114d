/** The kernel: cgroups, limits, and the network features that pods and the lab's LAN use. */
import { existsSync, readFileSync } from 'node:fs'
import { ask, CommandFailed, run } from '../images/run.ts'
import type { Finding } from './finding.ts'

export interface KernelFacts {
  readonly cgroup: 1 | 2 | undefined
  readonly inotify: { readonly instances: number, readonly watches: number }
  /** Names of features that could not be used; `undefined` when it could not be tried. */
  readonly unusable: readonly string[] | undefined
}

/** kind's own advice for several nodes, and more: 128 instances do not carry two clusters of three nodes. */
export const INOTIFY = { instances: 1024, watches: 524288 } as const

/** One line of sh each, in a network namespace that is thrown away. Loading of modules happens by using them. */
const features: readonly (readonly [name: string, command: string])[] = [
  ['bridge', 'ip link add lan type bridge && ip link set lan up'],
  ['veth', 'ip link add left type veth peer name right && ip link set left master lan'],
  ['vxlan', 'ip link add vx type vxlan id 1 dstport 8472 local 127.0.0.1 nolearning && ip link set vx up'],
  ['iptables nat', 'iptables -t nat -A POSTROUTING -m comment --comment x ! -s 10.0.0.0/8 -j MASQUERADE'],
  ['iptables conntrack', 'iptables -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'],
  ['iptables statistic', 'iptables -t nat -A OUTPUT -m statistic --mode random --probability 0.5 -p tcp -j RETURN'],
  ['iptables mark', 'iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j MARK --or-mark 0x4000'],
  ['br_netfilter', '[ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] || modprobe br_netfilter'],
]

export async function kernelFacts(): Promise<KernelFacts> {
  return { ...limits(), unusable: await tryFeatures() }
}

/** What set-up needs to know: read, not tried. */
export function limits(): Pick<KernelFacts, 'cgroup' | 'inotify'> {
  const cgroup = existsSync('/sys/fs/cgroup/cgroup.controllers') ? 2 : existsSync('/sys/fs/cgroup/memory') ? 1 : undefined
  return { cgroup, inotify: { instances: sysctl('max_user_instances'), watches: sysctl('max_user_watches') } }
}

function sysctl(name: string): number {
  try {
    return Number(readFileSync(`/proc/sys/fs/inotify/${name}`, 'utf8'))
  } catch {
    return 0
  }
}

/** Root makes a network namespace; a user makes one in a user namespace, where the same features can be used. */
async function tryFeatures(): Promise<string[] | undefined> {
  const script = features.map(([name, command]) => `(${command}) >/dev/null 2>&1 || echo '${name}'`).join('\n')
  const user = process.getuid?.() === 0 ? [] : ['--map-root-user']
  const tools = await ask(['sh', '-c', 'PATH=$PATH:/usr/sbin:/sbin; command -v ip && command -v iptables && command -v unshare'])
  if (tools === undefined) return undefined
  try {
    const out = await run(['unshare', ...user, '--net', 'sh', '-c', `PATH=$PATH:/usr/sbin:/sbin\n${script}`], { timeout: 20_000 })
    return out.split('\n').filter((line) => line !== '')
  } catch (error) {
    if (error instanceof CommandFailed) return undefined
    throw error
  }
}

export function kernelFindings({ cgroup, inotify, unusable }: KernelFacts): Finding[] {
  return [cgroups(cgroup), limit(inotify), network(unusable)]
}

export function cgroups(version: KernelFacts['cgroup']): Finding {
  const name = 'cgroups'
  if (version === 2) return { name, state: 'ok', detail: 'v2' }
  if (version === 1) return { name, state: 'adapted', detail: 'v1; kubelets get --fail-cgroupv1=false, hosts a cgroup2 group of their own' }
  return { name, state: 'missing', detail: 'nothing is mounted on /sys/fs/cgroup', fix: 'mount -t cgroup2 none /sys/fs/cgroup' }
}

export const inotifySuffices = ({ instances, watches }: KernelFacts['inotify']): boolean =>
  instances >= INOTIFY.instances && watches >= INOTIFY.watches

function limit(inotify: KernelFacts['inotify']): Finding {
  const detail = `${inotify.instances} instances, ${inotify.watches} watches`
  if (inotifySuffices(inotify)) return { name: 'inotify', state: 'ok', detail }
  return {
    name: 'inotify', state: 'missing', detail: `${detail}; kubelets of several nodes use up fewer than ${INOTIFY.instances} and ${INOTIFY.watches}`,
    fix: `sysctl -w fs.inotify.max_user_instances=${INOTIFY.instances} fs.inotify.max_user_watches=${INOTIFY.watches}`,
  }
}

function network(unusable: KernelFacts['unusable']): Finding {
  const name = 'kernel network'
  if (unusable === undefined) return { name, state: 'warn', detail: 'could not be tried: needs ip, iptables and unshare, and the right to use them' }
  if (unusable.length === 0) return { name, state: 'ok', detail: features.map(([feature]) => feature).join(', ') }
  const only = unusable.every((feature) => feature === 'br_netfilter')
  return {
    name,
    state: only ? 'warn' : 'missing',
    detail: `this kernel refuses ${unusable.join(', ')}`,
    fix: only ? 'modprobe br_netfilter (a Service whose pod is on the asking node may not answer without it)' : 'Use a kernel with these modules',
  }
}
