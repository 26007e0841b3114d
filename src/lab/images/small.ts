/** The small programs whose source is ours. */
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { versions, workloads } from '../versions.ts'
import { asset, assetPath } from './assets.ts'
import { writeArchive, zstdLayer } from './archive.ts'
import { compile } from './go-build.ts'
import { product } from './product.ts'
import { run } from './run.ts'
import { writeTar } from './tar.ts'

const proberFiles = ['go.mod', 'main.go', 'ask.go', 'api.go', 'long.go', 'pods.go', 'record.go'].map(name => `prober/${name}`)

export const echo = product('echo', [asset('echo/main.go'), asset('echo/go.mod')], [], async (folder, _, context) => {
  const source = join(folder, 'source')
  await cp(assetPath('echo'), source, { recursive: true })
  await compile(context, `build echo ${versions.echo}`, source, folder, { commands: ['.'] })
})

/** Asks a cluster's network twenty times a second; runs on nodes, in their pods and on the client. */
export const prober = product('prober', proberFiles.map(asset), [], async (folder, _, context) => {
  const source = join(folder, 'source')
  await cp(assetPath('prober'), source, { recursive: true })
  await compile(context, 'build the prober', source, folder, { commands: ['.'] })
})

/** In C: one of these sits in each pod, and Go's runtime would cost each of them a megabyte. */
export const pause = product('pause', [asset('pause/pause.c')], [], async (folder, _, context) => {
  await run(['gcc', '-Os', '-s', '-static', '-o', join(folder, 'pause'), assetPath('pause/pause.c')], { signal: context.signal })
})

/** The echo server as an archive of its own, for nodes that do not carry it. */
export const echoArchive = product('echo-archive', workloads.echo, [echo], async (folder, [program], _) => {
  const tar = join(folder, 'layer.tar')
  await writeTar(tar, [{ path: 'echo', file: join(program, 'echo'), mode: 0o755 }])
  await writeArchive(join(folder, 'echo.tar'), workloads.echo, [await zstdLayer(tar)], { Entrypoint: ['/echo'] })
})
