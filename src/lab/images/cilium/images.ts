/** The three images of Cilium that a lab uses, by upstream's names. */
import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { ImageRecord } from '../../../target/target.ts'
import { writeArchive, zstdLayer, type ImageConfig, type Layer } from '../archive.ts'
import { cniPlugins } from '../components.ts'
import { download } from '../go-build.ts'
import { netLayer, passwd, record } from '../preload.ts'
import type { Context, Product } from '../product.ts'
import { netRootfs } from '../rootfs.ts'
import { run } from '../run.ts'
import { writeTar, type Entry } from '../tar.ts'
import { archiveIn } from '../workload-images.ts'
import { ciliumPrograms } from './programs.ts'
import { ciliumNote, type CiliumRelease } from './release.ts'
import { ciliumTools } from './tools.ts'

export const agentRef = (release: CiliumRelease): string => `quay.io/cilium/cilium:${release}`
export const operatorRef = (release: CiliumRelease): string => `quay.io/cilium/operator-generic:${release}`
export const relayRef = (release: CiliumRelease): string => `quay.io/cilium/hubble-relay:${release}`
export const ciliumRefs = (release: CiliumRelease): string[] => [agentRef(release), operatorRef(release), relayRef(release)]

/** As in upstream's Dockerfiles (images/cilium, operator, hubble-relay). */
const configs = {
  agent: {
    Env: ['HUBBLE_SERVER=unix:///var/run/cilium/hubble.sock', 'INITSYSTEM=SYSTEMD'], WorkingDir: '/home/cilium', Cmd: ['/usr/bin/cilium-dbg'],
  },
  operator: { Env: ['GOPS_CONFIG_DIR=/home/gops'], Cmd: ['/usr/bin/cilium-operator-generic'] },
  relay: { Env: ['GOPS_CONFIG_DIR=/tmp'], WorkingDir: '/tmp', User: '65532:65532', Entrypoint: ['/usr/bin/hubble-relay'], Cmd: ['serve'] },
} satisfies Record<string, ImageConfig>

/** Commands in the agent's image, in /usr/bin. */
const agentCommands = ['cilium-agent', 'cilium-dbg', 'cilium-health', 'cilium-health-responder', 'cilium-mount', 'cilium-sysctlfix', 'hubble']

/** The chart's init containers and hooks run them, from the root of the image. */
const scripts = ['images/cilium/init-container.sh', 'plugins/cilium-cni/install-plugin.sh', 'plugins/cilium-cni/cni-uninstall.sh']

/** Tests and build files in the folder of the datapath's sources, which upstream does not install either. */
const notInstalled = /^(tests|test-progs|complexity-tests|tools|custom|Makefile.*)(\/|$)/

/** Everything beside the inputs that decides what is in the images, for keys. */
export const imagesRecipe = (release: CiliumRelease): unknown =>
  [ciliumRefs(release), configs, agentCommands, scripts, notInstalled.source, passwd, ciliumNote(release)]

export const imagesInputs = (release: CiliumRelease): [programs: Product, tools: Product, net: Product, plugins: Product] =>
  [ciliumPrograms(release), ciliumTools, netRootfs, cniPlugins]

/**
 * Writes the archives into `folder` (archiveIn tells their names).
 * @param inputs folders of imagesInputs
 */
export async function packImages(
  release: CiliumRelease, inputs: readonly [programs: string, tools: string, net: string, plugins: string], folder: string, context: Context,
): Promise<ImageRecord[]> {
  const [programs, tools, net, plugins] = inputs
  const { signal } = context
  const program = (name: string, path: string): Entry => ({ path, file: join(programs, name), mode: 0o755 })
  const layer = async (name: string, entries: readonly Entry[]): Promise<Layer> => {
    const tar = join(folder, `${name}-layer.tar`)
    await writeTar(tar, entries)
    return zstdLayer(tar)
  }
  const copied = join(folder, 'tools-layer.tar')
  await run(['cp', join(tools, 'rootfs.tar'), copied], { signal })
  const agent = [
    await netLayer(net, folder, context),
    await zstdLayer(copied),
    await layer('agent', [
      ...agentCommands.map((name) => program(name, `usr/bin/${name}`)),
      program('cilium-cni', 'opt/cni/bin/cilium-cni'),
      { path: 'cni/loopback', file: join(plugins, 'loopback'), mode: 0o755 },
      { path: 'usr/bin/cilium', link: 'cilium-dbg' },
      { path: 'home/cilium', folder: true },
      ...await sources(await context.inLane('fetch', () => download(context, 'github.com/cilium/cilium', release))),
    ]),
  ]
  const gops: Entry = { path: 'home/gops', folder: true, mode: 0o1777 }
  const operator = [await layer('operator', [...passwd, gops, program('cilium-operator-generic', 'usr/bin/cilium-operator-generic')])]
  const relay = [await layer('relay', [...passwd, program('hubble-relay', 'usr/bin/hubble-relay')])]
  const write = async (ref: string, layers: readonly Layer[], config: ImageConfig): Promise<ImageRecord> => {
    signal.throwIfAborted()
    const made = record({ ref, version: release, note: ciliumNote(release) }, '')
    const labels = { 'proofbook.supply': made.supply, 'proofbook.note': made.note ?? '', 'org.opencontainers.image.version': release }
    return { ...made, id: await writeArchive(archiveIn(folder, ref), ref, layers, { ...config, Labels: labels }) }
  }
  return [
    await write(agentRef(release), agent, configs.agent),
    await write(operatorRef(release), operator, configs.operator),
    await write(relayRef(release), relay, configs.relay),
  ]
}

/** The datapath's C sources, which the agent compiles, and the scripts. */
async function sources(module: string): Promise<Entry[]> {
  const bpf = join(module, 'bpf')
  const files = (await readdir(bpf, { recursive: true, withFileTypes: true })).filter((found) => found.isFile())
  const paths = files.map((found) => relative(bpf, join(found.parentPath, found.name))).filter((path) => !notInstalled.test(path))
  return [
    ...paths.map((path): Entry => ({ path: `var/lib/cilium/bpf/${path}`, file: join(bpf, path) })),
    ...scripts.map((path): Entry => ({ path: path.slice(path.lastIndexOf('/') + 1), file: join(module, path), mode: 0o755 })),
  ]
}
