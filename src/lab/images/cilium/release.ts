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

/**
 * The release whose images a lab holds: where it is the network, and where it was asked for beside another one.
 * @throws ImageError naming the pinned ones
 */
export const heldRelease = ({ cni, ciliumVersion }: { readonly cni?: string, readonly ciliumVersion?: string }): CiliumRelease | undefined =>
  cni === 'cilium' || ciliumVersion !== undefined ? ciliumRelease(ciliumVersion) : undefined

const minor = (release: string): string => release.slice(1, release.lastIndexOf('.'))
