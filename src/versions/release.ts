/** Release numbers: `v1.36.4`, `3.10.2`, `12.13.0`. Pure. */

export interface Release {
  readonly text: string
  readonly numbers: readonly [number, number, number]
}

/** Undefined for what is no finished release: a candidate, a commit, a distribution's own number. */
export function releaseOf(text: string): Release | undefined {
  const [, major, minor, patch = '0'] = /^v?(\d+)\.(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  return major === undefined || minor === undefined ? undefined : { text, numbers: [Number(major), Number(minor), Number(patch)] }
}

export function compareReleases({ numbers: a }: Release, { numbers: b }: Release): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}

/** `1.36` */
export const minorOf = ({ numbers: [major, minor] }: Release): string => `${major}.${minor}`

export interface Newer {
  /** Newest of the pinned minor, where that is newer. */
  readonly patch?: string
  /** Newest of all, where that is of a newer minor. */
  readonly minor?: string
}

/** @param seen in any order; what is no finished release is passed over */
export function newerThan(pinned: string, seen: readonly string[]): Newer {
  const own = releaseOf(pinned)
  if (own === undefined) return {}
  const newer = seen.flatMap(text => releaseOf(text) ?? []).filter(release => compareReleases(release, own) > 0).toSorted(compareReleases)
  const patch = newer.filter(release => minorOf(release) === minorOf(own)).at(-1)
  const last = newer.at(-1)
  return {
    ...patch === undefined ? {} : { patch: patch.text },
    ...last === undefined || minorOf(last) === minorOf(own) ? {} : { minor: last.text },
  }
}
