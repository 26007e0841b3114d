/** Which Go compiles, and with which settings: a new enough one from PATH, or the toolchain that set-up fetched. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { goCaches } from '../cache.ts'
import { versions } from '../versions.ts'
import { ask } from './run.ts'

export interface GoCommand {
  readonly path: string
  /** `1.26.8` */
  readonly version: string
  /** Settings of every build; the user's own (workspace, flags, caches) stay out of it. */
  readonly env: Readonly<Record<string, string>>
}

const places = ['go', '/usr/local/go/bin/go', '/usr/lib/go/bin/go']

/** Where set-up puts the toolchain module's files. */
export const toolchainFolder = (): string => join(goCaches().toolchains, `go${versions.go}`)

export const goEnvironment = (): Record<string, string> => ({
  GOCACHE: goCaches().build,
  GOMODCACHE: goCaches().modules,
  // read-only files would outlive `rm -rf`; nothing here is in a repository whose state could be stamped
  GOFLAGS: '-modcacherw -buildvcs=false',
  GOTOOLCHAIN: 'local',
  GOWORK: 'off',
  GOEXPERIMENT: '',
  GOOS: '',
  GOARCH: '',
})

/** `undefined` when `path` is no Go, else its version, e.g. `1.19.8`. */
export async function goVersion(path: string): Promise<string | undefined> {
  const text = await ask([path, 'env', 'GOVERSION'], { env: { ...goEnvironment() }, cwd: '/' })
  return /^go(\d+(\.\d+)*)/.exec(text?.trim() ?? '')?.[1]
}

/** The first Go that is new enough, else (`undefined`) set-up has to bring one. */
export async function findGo(): Promise<GoCommand | undefined> {
  const fetched = join(toolchainFolder(), 'bin', 'go')
  for (const path of existsSync(fetched) ? [...places, fetched] : places) {
    const version = await goVersion(path)
    if (version !== undefined && atLeast(version, versions.goMinimum)) return { path, version, env: goEnvironment() }
  }
  return undefined
}

/** Any Go, to ask a module proxy: that takes no new one. */
export async function anyGo(): Promise<string | undefined> {
  for (const path of [...places, join(toolchainFolder(), 'bin', 'go')]) if (await goVersion(path) !== undefined) return path
  return undefined
}

/** Compares dotted numbers; a missing part is 0. */
export function atLeast(version: string, minimum: string): boolean {
  const left = version.split('.').map(Number)
  const right = minimum.split('.').map(Number)
  for (let part = 0; part < Math.max(left.length, right.length); part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return true
}
