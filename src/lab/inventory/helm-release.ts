/**
 * A release of Helm as a fact. Helm keeps a Secret for each revision; what counts is what the newest one says, not how
 * many times somebody changed the release and changed it back.
 */
import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { KubeObject } from './objects.ts'

/** The type of such a Secret (helm.sh/helm/v4/pkg/storage/driver/secrets.go). */
const TYPE = 'helm.sh/release.v1'

interface ReleaseSecret extends KubeObject {
  readonly type: typeof TYPE
  /** Base64 of base64 of gzipped JSON: once by the API, once by Helm. */
  readonly data: { readonly release: string }
}

interface Release {
  readonly name: string
  readonly namespace: string
  /** The revision. */
  readonly version: number
  readonly info: { readonly status: string }
  readonly chart: { readonly metadata: { readonly name: string, readonly version: string } }
  /** The values that somebody gave. */
  readonly config?: object | null
}

export const isRelease = (object: KubeObject): object is ReleaseSecret =>
  object.kind === 'Secret' && (object as Partial<ReleaseSecret>).type === TYPE

/** `release kube-system/cilium: cilium 1.19.7 deployed sha256:..`, one for each release; the hash is of its values. */
export function releaseFacts(secrets: readonly ReleaseSecret[]): string[] {
  const newest = new Map<string, Release>()
  for (const release of secrets.map(decode)) {
    const name = `${release.namespace}/${release.name}`
    if ((newest.get(name)?.version ?? 0) < release.version) newest.set(name, release)
  }
  return [...newest].map(([name, { chart: { metadata }, info, config }]) =>
    `release ${name}: ${metadata.name} ${metadata.version} ${info.status} sha256:${hash(config ?? {})}`)
}

/** @throws Error naming a Secret that is not what Helm writes */
function decode({ metadata, data }: ReleaseSecret): Release {
  try {
    const packed = Buffer.from(Buffer.from(data.release, 'base64').toString(), 'base64')
    return JSON.parse(gunzipSync(packed).toString()) as Release
  } catch (error) {
    throw new Error(`Secret ${metadata.namespace}/${metadata.name} is of type ${TYPE} and holds no release of Helm: ${(error as Error).message}`)
  }
}

const hash = (config: object): string => createHash('sha256').update(JSON.stringify(sorted(config))).digest('hex').slice(0, 16)

/** Keys in order at every depth: Helm writes them in any. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, inner]) => [key, sorted(inner)]))
}
