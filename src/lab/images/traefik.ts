/**
 * What Traefik is built from: its own module without the provider for Amazon ECS, a stand-in for its fork of a library,
 * which cannot be had, and lego without its providers.
 */
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { versions } from '../versions.ts'
import { asset } from './assets.ts'
import { download } from './go-build.ts'
import type { Context } from './product.ts'

const MODULE = 'github.com/traefik/traefik/v3'
const LEGO = 'github.com/go-acme/lego/v4'

export async function prepareTraefik(folder: string, context: Context): Promise<void> {
  await prepareOwn(folder, context)
  await prepareHttpAuth(folder, context)
  await prepareLego(folder, context)
}

/** What no command is built from. */
const NOT_BUILT = ['docs', 'integration']

/** The provider for ECS brings Amazon's SDK, a fifth of what there is to compile (assets/traefik/ecs.go). */
async function prepareOwn(folder: string, context: Context): Promise<void> {
  const copy = join(folder, 'traefik')
  await copyWritable(await download(context, MODULE, versions.traefik), copy)
  await Promise.all(NOT_BUILT.map(name => rm(join(copy, name), { recursive: true })))
  const provider = join(copy, 'pkg', 'provider', 'ecs')
  await rm(provider, { recursive: true })
  await mkdir(provider)
  await writeFile(join(provider, 'ecs.go'), asset('traefik/ecs.go'))
}

/**
 * Traefik replaces abbot/go-http-auth by a fork of its own with two functions more. Here: the original, and those two
 * functions (assets/traefik/http-auth.go says what differs).
 */
async function prepareHttpAuth(folder: string, context: Context): Promise<void> {
  const original = await download(context, 'github.com/abbot/go-http-auth', versions.httpAuth)
  const copy = join(folder, 'http-auth')
  await copyWritable(original, copy)
  if (!existsSync(join(copy, 'go.mod'))) await writeFile(join(copy, 'go.mod'), 'module github.com/abbot/go-http-auth\n\ngo 1.21\n')
  await writeFile(join(copy, 'proofbook.go'), asset('traefik/http-auth.go'))
}

/**
 * The providers for DNS challenges bring the SDK of every cloud, a third of what there is to compile; the lists are in
 * one package, of which Traefik calls one function (assets/traefik/lego-dns.go).
 */
async function prepareLego(folder: string, context: Context): Promise<void> {
  const traefik = await download(context, MODULE, versions.traefik)
  const version = legoVersion(await readFile(join(traefik, 'go.mod'), 'utf8'))
  const copy = join(folder, 'lego')
  await copyWritable(await download(context, LEGO, version), copy)
  await rm(join(copy, 'providers', 'dns'), { recursive: true })
  await mkdir(join(copy, 'providers', 'dns'))
  await writeFile(join(copy, 'providers', 'dns', 'dns.go'), asset('traefik/lego-dns.go'))
}

/** @param goMod Traefik's. @throws Error when it names none */
export function legoVersion(goMod: string): string {
  const version = new RegExp(`^\\s*${LEGO} (v\\S+)`, 'm').exec(goMod)?.[1]
  if (version === undefined) throw new Error(`Traefik ${versions.traefik}: its go.mod does not name ${LEGO}`)
  return version
}

/** Files of the module cache are read-only. */
async function copyWritable(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true })
  for (const entry of await readdir(to, { recursive: true, withFileTypes: true })) {
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644)
  }
  await chmod(to, 0o755)
}
