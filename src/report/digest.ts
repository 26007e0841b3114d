/**
 * The digest of a result: SHA-256 over its canonical JSON (keys in order, no blanks, as RFC 8785 for what a result holds:
 * strings, whole numbers, booleans). It finds a file that was cut, edited or mixed up. It holds no key: whoever can write
 * the file can write its digest too. Who wrote it is told by git for committed files, and by an attestation for others.
 */
import { createHash } from 'node:crypto'

export type Sealed<Value> = Value & { readonly digest: string }

export const digestOf = (value: object): string => `sha256:${createHash('sha256').update(canonical({ ...value, digest: undefined })).digest('hex')}`

export const sealed = <Value extends object>(value: Value): Sealed<Value> => ({ ...value, digest: digestOf(value) })

/** Keys sorted by code units at every depth; undefined ones left out, as JSON does. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(item => canonical(item ?? null)).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, item]) => item !== undefined).toSorted(([a], [b]) => a < b ? -1 : 1)
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
}
