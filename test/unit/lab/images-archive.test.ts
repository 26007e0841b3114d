import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { plainLayer, writeArchive, zstdLayer } from '../../../src/lab/images/archive.ts'
import { writeTar } from '../../../src/lab/images/tar.ts'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'proofbook-test-')) })
afterEach(() => { rmSync(folder, { recursive: true }) })

interface Descriptor { mediaType: string, digest: string, size: number, annotations?: Record<string, string> }

const sha256 = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

test('every digest and size in an archive is that of its blob; layers are found by both readers', async () => {
  await writeTar(join(folder, 'base.tar'), [{ path: 'etc/name', text: 'base' }])
  await writeTar(join(folder, 'app.tar'), [{ path: 'app', text: 'app '.repeat(5000), mode: 0o755 }])
  const plain = readFileSync(join(folder, 'app.tar'))
  const layers = [await plainLayer(join(folder, 'base.tar')), await zstdLayer(join(folder, 'app.tar'))]
  const ref = 'registry.example:5000/team/app:1.2'
  const digest = await writeArchive(join(folder, 'image.tar'), ref, layers, { Entrypoint: ['/app'], StopSignal: 'SIGRTMIN+3', Labels: { a: 'b' } })
  execFileSync('tar', ['--extract', '--file', join(folder, 'image.tar'), '--directory', folder])

  const json = <T>(path: string): T => JSON.parse(readFileSync(join(folder, path), 'utf8')) as T
  const blob = ({ digest: name, size }: Descriptor): Buffer => {
    const bytes = readFileSync(join(folder, 'blobs', name.replace(':', '/')))
    expect(sha256(bytes)).toBe(name)
    expect(bytes.length).toBe(size)
    return bytes
  }
  const [entry] = json<{ manifests: Descriptor[] }>('index.json').manifests
  expect(entry!.digest).toBe(digest)
  expect(entry!.annotations).toMatchObject({ 'io.containerd.image.name': ref, 'org.opencontainers.image.ref.name': '1.2' })
  const manifest = JSON.parse(blob(entry!).toString()) as { config: Descriptor, layers: Descriptor[] }
  const config = JSON.parse(blob(manifest.config).toString()) as { config: object, rootfs: { diff_ids: string[] } }
  expect(config.config).toMatchObject({ Entrypoint: ['/app'], StopSignal: 'SIGRTMIN+3', Labels: { a: 'b' } })
  const [base, app] = manifest.layers.map(blob)
  expect(manifest.layers.map(({ mediaType }) => mediaType.split('.').at(-1))).toEqual(['tar', 'tar+zstd'])
  expect(config.rootfs.diff_ids).toEqual([sha256(base!), sha256(plain)])
  expect(zstdDecompressSync(app!)).toEqual(plain)
  // Docker's own list names the same blobs
  const [docker] = json<{ Config: string, RepoTags: string[], Layers: string[] }[]>('manifest.json')
  expect(docker).toEqual({
    Config: `blobs/${manifest.config.digest.replace(':', '/')}`,
    RepoTags: [ref],
    Layers: manifest.layers.map((layer) => `blobs/${layer.digest.replace(':', '/')}`),
  })
})
