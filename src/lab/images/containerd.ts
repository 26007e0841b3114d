/**
 * Fills a containerd store without a container: containerd itself runs here for a moment, on folders and a socket of its
 * own, with nothing but its image store.
 */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask, run } from './run.ts'

/** Plugins that would touch the machine (`opt` makes /opt/containerd) or need more than an image store does. */
const disabled = [
  'io.containerd.internal.v1.opt', 'io.containerd.cri.v1.runtime', 'io.containerd.cri.v1.images',
  'io.containerd.grpc.v1.cri', 'io.containerd.nri.v1.nri', 'io.containerd.internal.v1.restart',
  'io.containerd.runtime.v2.task', 'io.containerd.service.v1.tasks-service', 'io.containerd.grpc.v1.tasks',
  'io.containerd.snapshotter.v1.overlayfs', 'io.containerd.snapshotter.v1.erofs', 'io.containerd.snapshotter.v1.blockfile',
  'io.containerd.tracing.processor.v1.otlp', 'io.containerd.internal.v1.tracing', 'io.containerd.mount-manager.v1.bolt',
]

/**
 * @param programs folder of containerd and ctr
 * @param store becomes containerd's root
 * @throws Error naming the images that are missing afterwards
 */
export async function importImages(
  programs: string, store: string, images: readonly { ref: string, file: string }[], signal: AbortSignal,
): Promise<void> {
  // a socket's path may have 107 bytes at most, which a folder below the cache can exceed
  const state = await mkdtemp(join(tmpdir(), 'proofbook-containerd-'))
  const socket = join(state, 'containerd.sock')
  const stop = new AbortController()
  await mkdir(store, { recursive: true })
  await writeFile(join(state, 'config.toml'), `version = 3\ndisabled_plugins = ${JSON.stringify(disabled)}\n`)
  const server = ask([
    join(programs, 'containerd'), '--config', join(state, 'config.toml'), '--root', store, '--state', join(state, 'state'),
    '--address', socket, '--log-level', 'error',
  ], { signal: AbortSignal.any([signal, stop.signal]) }).catch(() => undefined)
  const ctr = (...args: string[]) => run([join(programs, 'ctr'), '--address', socket, '--namespace', 'k8s.io', ...args], { signal })
  try {
    await Promise.race([
      ready(() => existsSync(socket), signal),
      server.then(() => { throw new Error('containerd ended before it listened') }),
    ])
    // --local: read by ctr itself, since the server's own import wants a snapshotter to unpack into
    for (const { file } of images) await ctr('images', 'import', '--local', '--no-unpack', file)
    const present = new Set((await ctr('images', 'ls', '--quiet')).trim().split('\n'))
    const missing = images.filter(({ ref }) => !present.has(ref)).map(({ ref }) => ref)
    if (missing.length > 0) throw new Error(`containerd did not take ${missing.join(', ')}; it has ${[...present].join(', ')}`)
  } finally {
    stop.abort()
    await server
    await rm(state, { recursive: true, force: true })
  }
}

async function ready(condition: () => boolean, signal: AbortSignal): Promise<void> {
  for (let waited = 0; !condition(); waited += 50) {
    signal.throwIfAborted()
    if (waited > 30_000) throw new Error('containerd does not listen after 30 s')
    await new Promise((resolve) => { setTimeout(resolve, 50) })
  }
}
