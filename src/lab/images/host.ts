/**
 * The image of a lab host: Debian with systemd, sshd and the tools of a small server, and a package repository of its
 * own from which a runbook installs the rest. The same image serves as the LAN container.
 */
import { join } from 'node:path'
import { writeFile } from 'node:fs/promises'
import { haproxyHosts, laterDebian } from '../versions.ts'
import { asset, assetPath } from './assets.ts'
import type { ImageConfig } from './archive.ts'
import { mmdebstrap, shellQuote } from './debian.ts'
import type { HaproxyRelease } from './haproxy.ts'
import { product, type Product } from './product.ts'

/** What an installer and an administrator would have put there before the first runbook. */
const installed = [
  'systemd', 'systemd-sysv', 'dbus', 'openssh-server', 'iproute2', 'iputils-ping', 'iputils-arping', 'procps', 'kmod',
  'ca-certificates', 'openssl', 'curl', 'jq', 'sudo', 'tcpdump', 'netcat-openbsd', 'iptables', 'ifupdown', 'hostname',
  'util-linux', 'mount', 'less',
]

/** What runbooks install: in the repository with all that it needs, not in the image. */
const offered = ['haproxy', 'socat', 'keepalived', 'netplan.io', 'nginx-light', 'ufw']

/** The script that turns a minimal Debian into the host image, in a chroot or in a container. */
export function hostScript(release: HaproxyRelease): string {
  const values = { PACKAGES: installed.join(' '), OFFERED: offered.join(' '), LATER: laterDebian(release) ?? '' }
  return `${Object.entries(values).map(([name, value]) => `${name}=${shellQuote(value)}\n`).join('')}${asset('host-image.sh')}`
}

/** Our own programs in the image. */
const programs = { 'proofbook-init.sh': '/usr/local/sbin/proofbook-init', 'proofbook-sweep.sh': '/usr/local/sbin/proofbook-sweep' }

export const hostFiles = (): { from: string, to: string }[] =>
  Object.entries(programs).map(([name, to]) => ({ from: assetPath(name), to }))

export const hostConfig: ImageConfig = {
  Entrypoint: ['/usr/local/sbin/proofbook-init'],
  Env: ['container=docker'],
  // systemd's own signal for an orderly power-off; it takes SIGTERM for "re-execute yourself"
  StopSignal: 'SIGRTMIN+3',
}

/** What the image is made of, by the HAProxy that it offers. */
export const hostRootfs: Readonly<Record<HaproxyRelease, Product>> = { '2.6': rootfsWith('2.6'), '3.2': rootfsWith('3.2') }

function rootfsWith(release: HaproxyRelease): Product {
  const { debian } = haproxyHosts[release]
  const recipe = { debian, script: hostScript(release), programs: Object.keys(programs).map(asset) }
  return product('host-rootfs', recipe, [], async (folder, _, context) => {
    const script = join(folder, 'setup.sh')
    await writeFile(script, hostScript(release))
    await mmdebstrap(context, `install Debian ${debian} for lab hosts`, {
      suite: debian,
      out: join(folder, 'rootfs.tar'),
      variant: 'minbase',
      hooks: [
        ...hostFiles().flatMap(({ from, to }) => [`upload ${shellQuote(from)} ${to}`, `chmod 755 "$1"${to}`]),
        `chroot "$1" sh -s < ${shellQuote(script)}`,
      ],
      // the lists of the repository in the image
      keepAptLists: true,
    })
  })
}
