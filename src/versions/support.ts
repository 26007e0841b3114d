/**
 * For how long a release is looked after, by what each project says of itself. Read on the day below; rules and dates, no
 * copies of tables that change every month.
 */
import { releaseOf } from './release.ts'

export const READ_ON = '2026-11-28'

type Window =
  /** So many newest minors get patches. */
  | { readonly minors: number, readonly source: string }
  /** The last day of each minor. */
  | { readonly until: Readonly<Record<string, string>>, readonly source: string }

export const windows: Readonly<Record<string, Window>> = {
  kubernetes: { minors: 3, source: 'kubernetes.io/releases/version-skew-policy: the three most recent minors' },
  cilium: { minors: 3, source: 'docs.cilium.io/en/stable/contributing/release/organization: three stable branches' },
  haproxy: { until: { '2.8': '2028-04-01', '3.0': '2029-04-01', '3.2': '2030-04-01' }, source: 'versionlog.com/haproxy; what Debian ships is patched by Debian for as long as the suite lives' },
}

export interface Support {
  /** Undefined: not known from here. */
  readonly supported?: boolean
  readonly why: string
}

/** @param newest of all minors that are known; @param today as YYYY-MM-DD */
export function supportOf(name: string, release: string, newest: string, today: string): Support {
  const window = windows[name]
  const [own, last] = [releaseOf(release), releaseOf(newest)]
  if (window === undefined) return { why: 'no window recorded' }
  if ('until' in window) {
    const minor = /^v?(\d+\.\d+)/.exec(release)?.[1] ?? ''
    const until = window.until[minor]
    return until === undefined ? { why: `no date recorded for ${minor} (${window.source})` } : { supported: today <= until, why: `until ${until} (${window.source})` }
  }
  if (own === undefined || last === undefined || own.numbers[0] !== last.numbers[0]) return { why: `not known (${window.source})` }
  const behind = last.numbers[1] - own.numbers[1]
  return { supported: behind < window.minors, why: `${behind <= 0 ? 'the newest minor' : `${behind} behind the newest minor`} (${window.source})` }
}
