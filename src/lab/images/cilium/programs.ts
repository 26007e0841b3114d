/** Cilium's own commands, from its module. */
import { copyFile, chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compile, download, downloading } from '../go-build.ts'
import { product, type Product } from '../product.ts'
import { run } from '../run.ts'
import { replacementsFor, type CiliumRelease } from './release.ts'

/** Folder in the module to the file's name in upstream's images. */
const commands: Readonly<Record<string, string>> = {
  './daemon': 'cilium-agent',
  './cilium-dbg': 'cilium-dbg',
  './cilium-health': 'cilium-health',
  './cilium-health/responder': 'cilium-health-responder',
  './plugins/cilium-cni': 'cilium-cni',
  './tools/mount': 'cilium-mount',
  './tools/sysctlfix': 'cilium-sysctlfix',
  './operator': 'cilium-operator-generic',
  './hubble': 'hubble',
  './hubble-relay': 'hubble-relay',
}

/** Upstream's tags; the second makes the operator the generic one, and no other command has files that ask for it. */
const tags = 'osusergo ipam_provider_operator'

/** `VERSION REVISION DATE`; the module proxy tells no commit, so the revision says whose build it is. */
const stamp = (version: string): string => [
  `-X "github.com/cilium/cilium/pkg/version.ciliumVersion=${version} proofbook 1970-01-01T00:00:00Z"`,
  `-X github.com/cilium/cilium/hubble/pkg.Version=v${version}`,
].join(' ')

/**
 * All of them in one call of the compiler, so that programs are linked while packages are still compiled.
 * About 9 minutes of processor time. Built where the module is, since a dependency's replacements are ignored, with a
 * go.mod beside the output that has ours too.
 */
export function ciliumPrograms(release: CiliumRelease): Product {
  const replacements = replacementsFor(release)
  const version = release.slice(1)
  return product('cilium', [release, commands, tags, stamp(version), replacements], [], async (folder, _, context) => {
    const work = join(folder, 'work')
    await mkdir(work)
    const flags = [`-modfile=${join(work, 'go.mod')}`, '-mod=mod']
    const source = await context.inLane('fetch', () => context.progress.stage(`fetch cilium ${release}`, async (update) => {
      const go = await context.go()
      const upstream = await download(context, 'github.com/cilium/cilium', release)
      const goMod = await readFile(join(upstream, 'go.mod'), 'utf8')
      await writeFile(join(work, 'go.mod'), [goMod, ...replacements.map((line) => `replace ${line}`), ''].join('\n'))
      await copyFile(join(upstream, 'go.sum'), join(work, 'go.sum'))
      await chmod(join(work, 'go.sum'), 0o644)
      await run([go.path, 'list', '-deps', ...flags, '-tags', tags, ...Object.keys(commands)], {
        cwd: upstream, env: { ...go.env, CGO_ENABLED: '0' }, signal: context.signal, onLine: (line) => { downloading(line, update) },
      })
      return upstream
    }))
    await compile(context, `build cilium ${release}`, source, folder, { commands: Object.keys(commands), tags, flags, ldflags: stamp(version) })
    await rm(work, { recursive: true })
    for (const [path, name] of Object.entries(commands)) await rename(join(folder, path.slice(path.lastIndexOf('/') + 1)), join(folder, name))
  })
}
