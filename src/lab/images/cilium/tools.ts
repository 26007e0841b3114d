/** The Debian part of Cilium's agent image, upon the packet filter tools that it shares with kube-proxy's. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { versions } from '../../versions.ts'
import { asset, assetPath } from '../assets.ts'
import { mmdebstrap, shellQuote } from '../debian.ts'
import { product } from '../product.ts'
import { packed } from '../rootfs.ts'
import { run } from '../run.ts'

/** What the chart's scripts call, and the libraries of clang. */
const packages = [
  'bash', 'coreutils', 'findutils', 'grep', 'sed', 'mount', 'procps', 'util-linux',
  'libedit2', 'libffi8', 'libgcc-s1', 'libstdc++6', 'libtinfo6', 'libxml2', 'libz3-4', 'libzstd1', 'zlib1g',
]

/** Unpacked apart: by their dependencies they would bring a whole toolchain. */
const compiler = [`clang-${versions.clang}`, `libclang-cpp${versions.clang}`, `libllvm${versions.clang}`]

/** In mmdebstrap's own apt, before its lists are gone. */
const fetchCompiler = (to: string): string =>
  `cd ${shellQuote(to)} && APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get download ${compiler.join(' ')}`
  + ' && for deb in *.deb; do dpkg-deb --extract "$deb" . && rm "$deb"; done'

/** `rootfs.tar`; the same for every release of Cilium. */
export const ciliumTools = product(
  'cilium-tools',
  [versions.debian, packages, compiler, asset('cilium-tools.sh'), packed],
  [],
  async (folder, _, context) => {
    const { signal } = context
    const root = join(folder, 'root')
    const clang = join(folder, 'clang')
    await mkdir(clang)
    await mmdebstrap(context, `unpack clang ${versions.clang} for Cilium's agent`, {
      out: root,
      variant: 'extract',
      include: packages,
      options: ['--dpkgopt=path-exclude=/usr/share/*', `--extract-hook=${fetchCompiler(clang)}`],
    })
    await run(['sh', assetPath('cilium-tools.sh'), root, clang], { signal })
    await run(['tar', ...packed, '--directory', root, '--create', '--file', join(folder, 'rootfs.tar'), '.'], { signal })
    for (const part of [root, clang]) await rm(part, { recursive: true })
  },
)
