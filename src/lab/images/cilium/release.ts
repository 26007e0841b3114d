/** Which Cilium: the pinned releases, and what differs between them for a build from package registries. */
import { versions } from '../../versions.ts'
import { ImageError } from '../errors.ts'

export type CiliumRelease = typeof versions.cilium[number]

/**
 * Dependencies that the Go module proxy refuses, and what stands in for them. Neither is on a way that a lab takes:
 * BGP is off by default, and of mcs-api/controllers one constant is used, which is the same in both.
 */
const replacements: Readonly<Record<CiliumRelease, readonly string[]>> = {
  'v1.19.7': [],
  'v1.20.1': [
    'github.com/osrg/gobgp/v4 => github.com/osrg/gobgp/v4 v4.7.0',
    'sigs.k8s.io/mcs-api/controllers => sigs.k8s.io/mcs-api/controllers v0.0.0-20260403094305-4b9911b73f14',
  ],
}

export const replacementsFor = (release: CiliumRelease): readonly string[] => replacements[release]

/** How a build of ours differs from upstream's, beyond being our build; for records and labels. */
export function ciliumNote(release: CiliumRelease): string {
  const swapped = replacements[release].map((line) => line.split(' => ')[1] ?? line)
  return [
    'without Envoy, which is in no package registry: no HTTP rules, Ingress or Gateway API',
    ...swapped.length === 0 ? [] : [`with ${swapped.join(' and ')} in place of versions that the Go module proxy refuses`],
  ].join('; ')
}

/**
 * The pinned release that `asked` means: `1.19`, `1.19.7` or `v1.19.7`; the first one when nothing was asked.
 * @throws ImageError naming the pinned ones
 */
export function ciliumRelease(asked?: string): CiliumRelease {
  const bare = asked?.replace(/^v/, '')
  const found = versions.cilium.find((release) => bare === undefined || release === `v${bare}` || minor(release) === bare)
  if (found !== undefined) return found
  const pinned = versions.cilium.map((release) => `${minor(release)} (${release.slice(1)})`).join(', ')
  throw new ImageError(`received Cilium version "${asked}", expected one of those that labs are pinned to: ${pinned}`)
}

/** What a lab holds: it installs the first one where Cilium is its network, and has the others for a page to install. */
export type CiliumReleases = readonly [CiliumRelease, ...CiliumRelease[]]

/**
 * The pinned releases that `1.19, 1.20` means, in that order and each once; the first pinned one when nothing was asked.
 * @throws ImageError naming the pinned ones
 */
export function ciliumReleases(asked?: string): CiliumReleases {
  const [first, ...others] = new Set((asked?.split(',') ?? [undefined]).map((one) => ciliumRelease(one?.trim())))
  return [first!, ...others]
}

/** As a record of a lab has it: `1.19.7, 1.20.1`. */
export const versionsOf = (releases: CiliumReleases): string => releases.map((release) => release.slice(1)).join(', ')

/** Whether a lab that holds `has`, as versionsOf has it, can stand for one that was asked for `wanted`. */
export function holds(has: string | undefined, wanted: string): boolean {
  const held = has?.split(', ') ?? []
  const [first, ...others] = ciliumReleases(wanted).map((release) => release.slice(1))
  return held[0] === first && others.every((other) => held.includes(other))
}

/**
 * The releases whose images a lab holds: where Cilium is the network, and where it was asked for beside another one.
 * @throws ImageError naming the pinned ones
 */
export const heldReleases = ({ cni, ciliumVersion }: { readonly cni?: string, readonly ciliumVersion?: string }): CiliumReleases | undefined =>
  cni === 'cilium' || ciliumVersion !== undefined ? ciliumReleases(ciliumVersion) : undefined

const minor = (release: string): string => release.slice(1, release.lastIndexOf('.'))
