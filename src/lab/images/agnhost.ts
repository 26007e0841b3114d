/**
 * The images of probes and of Kubernetes' own e2e tests, where no registry answers: agnhost from the module
 * k8s.io/kubernetes, on Debian packages in place of upstream's Alpine.
 */
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AGNHOST } from '../../probe/image.ts'
import { versions } from '../versions.ts'
import { writeArchive, zstdLayer, type ImageConfig, type Layer } from './archive.ts'
import { asset, assetPath } from './assets.ts'
import { mmdebstrap } from './debian.ts'
import { download, goBuild } from './go-build.ts'
import { product, type Product } from './product.ts'
import { packed } from './rootfs.ts'
import { run } from './run.ts'
import { writeTar } from './tar.ts'

const source = 'test/images/agnhost'
const tag = AGNHOST.slice(AGNHOST.lastIndexOf(':') + 1)

export const agnhost = goBuild({
  name: 'agnhost',
  module: 'k8s.io/kubernetes',
  version: versions.kubernetes,
  commands: [`k8s.io/kubernetes/${source}`],
  ldflags: `-X main.Version=${tag}`,
  goMod: ['godebug default=go1.26'],
  staging: versions.staging,
})

/** What the e2e tests call in it, and what a probe asks with (src/probe/questions.ts). */
const packages = [
  'busybox-static', 'dash', 'bash', 'curl', 'bind9-dnsutils', 'netcat-openbsd', 'iproute2', 'iputils-ping', 'iperf', 'util-linux',
  'libc-bin', 'libc6',
]

const userland = product(
  'agnhost-userland',
  [versions.debian, packages, asset('agnhost-image.sh'), packed],
  [],
  async (folder, _, context) => {
    const root = join(folder, 'root')
    await mmdebstrap(context, 'unpack network tools for probes', { out: root, variant: 'extract', include: packages })
    await run(['sh', assetPath('agnhost-image.sh'), root], { signal: context.signal })
    const tar = join(folder, 'rootfs.tar')
    await run(['tar', ...packed, '--directory', root, '--create', '--file', tar, '.'], { signal: context.signal })
    await rm(root, { recursive: true })
  },
)

export interface TestImage {
  readonly ref: string
  /** The file in the product's folder. */
  readonly file: string
  readonly archive: Product
  /** How it differs from upstream's, beyond being our build. */
  readonly note: string
}

export const agnhostImage: TestImage = {
  ref: AGNHOST,
  file: 'agnhost.tar',
  note: 'on Debian and its C library in place of Alpine; without CoreDNS and the files of its test registry',
  archive: product('agnhost-archive', AGNHOST, [agnhost, userland], async (folder, [program, tools], context) => {
    const upstream = join(await download(context, 'k8s.io/kubernetes', versions.kubernetes), source)
    const named = (await readFile(join(upstream, 'VERSION'), 'utf8')).trim()
    if (named !== tag) throw new Error(`Kubernetes ${versions.kubernetes} names agnhost ${named}, expected ${tag}: change src/probe/image.ts`)
    const own = join(folder, 'own.tar')
    await writeTar(own, [
      { path: 'agnhost', file: join(program, 'agnhost'), mode: 0o755 },
      { path: 'agnhost-2', link: 'agnhost' },
      ...['localhost.crt', 'localhost.key'].map((file) => ({ path: file, file: join(upstream, 'porter', file), mode: 0o644 })),
    ])
    await archived(join(folder, 'agnhost.tar'), AGNHOST, [await copied(tools, folder), await zstdLayer(own)], { Entrypoint: ['/agnhost'], Cmd: ['pause'] })
  }),
}

const GLIBC_DNS = 'registry.k8s.io/e2e-test-images/glibc-dns-testing:2.0.0'

/** Upstream's is Debian with dig, so this is near to it; the e2e tests ask the cluster's DNS from it too. */
export const glibcDnsImage: TestImage = {
  ref: GLIBC_DNS,
  file: 'glibc-dns-testing.tar',
  note: 'without CoreDNS',
  archive: product('glibc-dns-archive', GLIBC_DNS, [userland], async (folder, [tools]) => {
    await archived(join(folder, 'glibc-dns-testing.tar'), GLIBC_DNS, [await copied(tools, folder)], { Cmd: ['bash'] })
  }),
}

/** A layer takes the place of its tar, and the userland's is wanted twice. */
async function copied(tools: string, folder: string): Promise<Layer> {
  const tar = join(folder, 'tools.tar')
  await run(['cp', join(tools, 'rootfs.tar'), tar])
  return zstdLayer(tar)
}

/** The layers are in the archive now. */
async function archived(file: string, ref: string, layers: readonly Layer[], config: ImageConfig): Promise<void> {
  await writeArchive(file, ref, layers, config)
  for (const layer of layers) await rm(layer.file)
}
