/**
 * A reader's values in the fragment of an address, which no browser sends to a server:
 * `#values?vip=10.1.2.3&port=9090`. What comes out is untrusted text until the engine's rules have accepted it.
 */
const HEAD = '#values?'

/** Longer than any value that the rules accept. */
const LONGEST = 1024

/** `''` for no values, so that an address without them stays as it was. */
export function toFragment(values: Readonly<Record<string, string>>): string {
  const names = Object.keys(values).sort()
  return names.length === 0 ? '' : HEAD + new URLSearchParams(names.map(name => [name, values[name]!])).toString()
}

/** Never throws; the last of two values of one name counts. Names have no prototype to reach into. */
export function fromFragment(hash: string): Record<string, string> {
  const values: Record<string, string> = Object.create(null) as Record<string, string>
  if (!hash.startsWith(HEAD)) return values
  for (const [name, value] of new URLSearchParams(hash.slice(HEAD.length))) {
    if (value.length <= LONGEST) values[name] = value
  }
  return values
}

export const isValues = (hash: string): boolean => hash.startsWith(HEAD)
