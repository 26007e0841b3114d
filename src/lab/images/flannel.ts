/** flanneld, from a writable copy of its own module. */
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { versions } from '../versions.ts'
import { compile, download } from './go-build.ts'
import { product } from './product.ts'
import { run } from './run.ts'

const flags = {
  // the udp backend is C; static, since the image has no C library of Debian's version
  cgo: true,
  tags: 'osusergo netgo',
  ldflags: `-linkmode external -extldflags -static -X github.com/flannel-io/flannel/pkg/version.Version=${versions.flannel}`,
}

/** Refused dependencies: the backend for Tencent Cloud needs an SDK version that the module proxy does not have. */
const dropped = /^.*backend\/tencentvpc"\n/m

export const flanneld = product('flanneld', [versions.flannel, flags, dropped.source], [], async (folder, _, context) => {
  const source = join(folder, 'source')
  await context.inLane('fetch', () => context.progress.stage(`fetch flannel ${versions.flannel}`, async (update) => {
    const go = await context.go()
    const original = await download(context, 'github.com/flannel-io/flannel', versions.flannel)
    await cp(original, source, { recursive: true })
    await mkdir(join(folder, 'manifest'))
    await cp(join(original, 'Documentation', 'kube-flannel.yml'), join(folder, 'manifest', 'kube-flannel.yml'))
    const main = join(source, 'main.go')
    await chmod(main, 0o644)
    const text = await readFile(main, 'utf8')
    if (!dropped.test(text)) throw new Error(`flannel ${versions.flannel}: main.go no longer imports the tencentvpc backend; remove the adaptation`)
    await writeFile(main, text.replace(dropped, ''))
    // only what this build imports: the whole list names the refused SDK
    await run([go.path, 'list', '-deps', '-mod=readonly', '-tags', flags.tags, '.'], {
      cwd: source, env: { ...go.env, CGO_ENABLED: '1' }, signal: context.signal,
      onLine: (line) => { if (line.startsWith('go: downloading ')) update(line.slice(4)) },
    })
  }))
  await compile(context, `build flannel ${versions.flannel}`, source, folder, { commands: ['.'], ...flags })
  await rm(source, { recursive: true })
})
