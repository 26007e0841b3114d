/** Numbers as a reader says them. */

/** `180` → `0.2 s`, `6200` → `6.2 s`, `97000` → `1 min 37 s`, `2592000000` → `30 days`. Milliseconds in; the spaces do not break. */
export const inWords = (milliseconds: number): string => spell(milliseconds).replaceAll(' ', '\u00A0')

function spell(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 0.05) return 'under 0.1 s'
  if (seconds < 10) return `${trim(seconds.toFixed(1))} s`
  if (seconds < 59.5) return `${Math.round(seconds)} s`
  const minutes = Math.floor(Math.round(seconds) / 60)
  const rest = Math.round(seconds) % 60
  if (minutes < 60) return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? count(hours, 'hour') : `${count(hours, 'hour')} ${minutes % 60} min`
  return count(Math.floor(hours / 24), 'day')
}

const trim = (text: string): string => text.replace(/\.0$/, '')

export const count = (number: number, noun: string, plural = `${noun}s`): string => `${number} ${number === 1 ? noun : plural}`

// Made once: each costs as much as formatting a hundred dates, and a site says thousands.
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' })

/** `2026-11-21T09:31:00Z` → `21 Nov 2026`, in UTC, so that every build prints the same. */
export const day = (iso: string): string => DAY.format(new Date(iso))

/** `2026-11-21T09:31:00Z` → `21 Nov 2026, 09:31 UTC`. */
export const moment = (iso: string): string => `${day(iso)}, ${TIME.format(new Date(iso))} UTC`

/** Full days between, in words: `today`, `yesterday`, `3 days ago`. */
export function ago(iso: string, now: number): string {
  const days = Math.floor((now - Date.parse(iso)) / 86_400_000)
  return days <= 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`
}

const spelled: Readonly<Record<string, string>> = Object.fromEntries(
  ['API', 'HTTP', 'HTTPS', 'TLS', 'DNS', 'IP', 'VIP', 'CNI', 'MTU', 'UDP', 'TCP', 'HAProxy', 'Traefik', 'kubectl', 'k3s', 'etcd']
    .map(word => [word.toLowerCase(), word]))

/** `every-server-serves-http` → `Every server serves HTTP`. */
export function sentence(name: string): string {
  const words = name.split(/[-_]+/).map(word => spelled[word] ?? word)
  const [first = '', ...rest] = words
  const start = Object.values(spelled).includes(first) ? first : first.charAt(0).toUpperCase() + first.slice(1)
  return [start, ...rest].join(' ')
}
