/** The Debian parts of the node image: the node itself, and the userland of images that program the packet filter. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { versions } from '../versions.ts'
import { asset, assetPath } from './assets.ts'
import { mmdebstrap, shellQuote } from './debian.ts'
import { product } from './product.ts'
import { run } from './run.ts'

const nodePackages = [
  // kind's base image
  'systemd', 'systemd-sysv', 'dbus', 'conntrack', 'iptables', 'nftables', 'iproute2', 'ethtool', 'util-linux', 'mount',
  'kmod', 'libseccomp2', 'pigz', 'e2fsprogs', 'bash', 'ca-certificates', 'curl', 'jq', 'procps',
  // kubectl port-forward; ipset rules of kube-proxy and flannel
  'socat', 'ipset', 'hostname',
  // what runbooks look with, and what a server has anyway
  'openssh-server', 'openssl', 'tcpdump', 'iputils-ping', 'iputils-arping', 'netcat-openbsd',
]

const noDocs = ['man', 'doc', 'locale', 'info'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`)
const copyright = '--dpkgopt=path-include=/usr/share/doc/*/copyright'

export const nodeRootfs = product(
  'node-rootfs',
  [versions.debian, nodePackages, asset('node-image.sh')],
  [],
  async (folder, _, context) => {
    await mmdebstrap(context, `install Debian ${versions.debian} for cluster nodes`, {
      out: join(folder, 'rootfs.tar'),
      variant: 'minbase',
      include: nodePackages,
      options: [...noDocs, copyright],
      hooks: [`chroot "$1" sh -s < ${shellQuote(assetPath('node-image.sh'))}`],
    })
  },
)

const netPackages = ['busybox-static', 'iptables', 'nftables', 'ipset', 'conntrack', 'iproute2', 'kmod', 'libc6']

/** Packed so that the same tree gives the same bytes. */
export const packed = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0']

export const netRootfs = product(
  'net-rootfs',
  [versions.debian, netPackages, asset('net-image.sh'), packed],
  [],
  async (folder, _, context) => {
    const { signal } = context
    const root = join(folder, 'root')
    await mmdebstrap(context, 'unpack packet filter tools for kube-proxy and flannel', {
      out: root,
      variant: 'extract',
      include: netPackages,
      options: ['--dpkgopt=path-exclude=/usr/share/*'],
    })
    await run(['sh', assetPath('net-image.sh'), root], { signal })
    await run(['tar', ...packed, '--directory', root, '--create', '--file', join(folder, 'rootfs.tar'), '.'], { signal })
    await rm(root, { recursive: true })
  },
)
