/**
 * For how long a release is looked after, by what each project says of itself. Read on the day below; rules and dates, no
 * copies of tables that change every month.
 */
import { versions } from '../lab/versions.ts'
import { releaseOf } from './release.ts'

export const READ_ON = '2026-11-29'

interface Window {
  /** The last day of each minor, as YYYY-MM-DD. */
  readonly until?: Readonly<Record<string, string>>
  /** So many newest minors get patches: asked where no date is known. */
  readonly minors?: number
  /** Looked up by this release, not by its own. */
  readonly by?: string
  /** Where it is said, and what else is to know. */
  readonly source: string
}

const kubernetes: Window = {
  until: { '1.34': '2026-10-27', '1.35': '2027-02-28', '1.36': '2027-06-28' }, minors: 3,
  source: 'kubernetes.io/releases: a day for each minor, and the three newest ones',
}
const debian: Window = { until: { bookworm: '2028-06-30', trixie: '2030-06-30' }, source: 'wiki.debian.org/DebianReleases; since 2026-06-10 bookworm has long-term support only, and forky is not released' }
const ofSuite: Window = { ...debian, by: versions.debian, source: 'patched by Debian for as long as the suite lives: wiki.debian.org/DebianReleases' }

/** Register what a project publishes here; of what is not here, none is known. */
export const windows: Readonly<Record<string, Window>> = {
  kubernetes,
  'k3s': { ...kubernetes, source: 'github.com/k3s-io/k3s, "Release cadence": it keeps pace with Kubernetes, whose day this is' },
  'cilium': { minors: 3, source: 'docs.cilium.io/en/stable/contributing/release/organization: three stable branches' },
  'traefik': { minors: 1, source: 'doc.traefik.io/traefik/deprecation/releases: only the newest minor; this one is what k3s ships' },
  'cert-manager': { minors: 2, source: 'cert-manager.io/docs/releases: until the second release after it' },
  'containerd': { until: { '2.2': '2026-11-06', '2.3': '2028-04-27' }, source: 'containerd.io/releases: 2.3 is looked after for two years' },
  'runc': { minors: 3, source: 'github.com/opencontainers/runc, RELEASES.md: the third newest gets grave security fixes only' },
  'etcd': { minors: 2, source: 'etcd.io/docs/v3.6/op-guide/versioning: the current and the previous release' },
  'helm': { minors: 1, source: 'helm.sh/docs/topics/version_skew: a branch for the newest minor; newer ones are made for newer Kubernetes' },
  'haproxy': {
    until: { '2.4': '2026-04-01', '2.6': '2027-04-01', '2.8': '2028-04-01', '3.0': '2029-04-01', '3.2': '2030-04-01', '3.4': '2031-04-01' },
    source: 'haproxy.org names a quarter, of which this is the first day; what Debian ships is patched by Debian for as long as the suite lives',
  },
  debian, 'keepalived': ofSuite, 'ufw': ofSuite,
  'node': { until: { 22: '2027-04-30', 24: '2028-04-30' }, source: 'github.com/nodejs/Release' },
}

export interface Support {
  /** Undefined: not known from here. */
  readonly supported?: boolean
  /** The last day, where one is known. */
  readonly until?: string
  readonly why: string
}

/**
 * @param newest of all minors that are known
 * @param today as YYYY-MM-DD
 */
export function supportOf(name: string, release: string, newest: string, today: string): Support {
  const window = windows[name]
  if (window === undefined) return { why: 'no window recorded' }
  const { until = {}, minors, by = release, source } = window
  const last = until[by] ?? until[numbersOf(by, 2)] ?? until[numbersOf(by, 1)]
  if (last !== undefined) return { supported: today <= last, until: last, why: `until ${last} (${source})` }
  if (minors === undefined) return { why: `no date recorded for ${numbersOf(by, 2) || by} (${source})` }
  const [own, theirs] = [releaseOf(release), releaseOf(newest)]
  if (own === undefined || theirs === undefined || own.numbers[0] !== theirs.numbers[0]) return { why: `not known (${source})` }
  const behind = theirs.numbers[1] - own.numbers[1]
  return { supported: behind < minors, why: `${behind <= 0 ? 'the newest minor' : `${behind} behind the newest minor`} (${source})` }
}

/** The first numbers of a release, also of a distribution's own: `2.6` of `2.6.12-1+deb12u4`. */
const numbersOf = (release: string, count: number): string => new RegExp(`^(?:\\d+:)?v?(\\d+(?:\\.\\d+){${count - 1}})`).exec(release)?.[1] ?? ''
