/** Which HAProxy the hosts of a lab offer, and so which Debian they are. Pure. */
import { haproxyHosts } from '../versions.ts'
import { ImageError } from './errors.ts'

/** Minor: `2.6`. */
export type HaproxyRelease = keyof typeof haproxyHosts

export const haproxyReleases = Object.keys(haproxyHosts) as [HaproxyRelease, ...HaproxyRelease[]]

/**
 * The release that `asked` means; the first one when nothing was asked.
 * @throws ImageError naming those that there are
 */
export function haproxyRelease(asked?: string): HaproxyRelease {
  const [first] = haproxyReleases
  const found = haproxyReleases.find((release) => release === (asked ?? first))
  if (found !== undefined) return found
  throw new ImageError(`received HAProxy version "${asked}", expected one of those that hosts of a lab offer: ${haproxyReleases.join(', ')}`)
}
