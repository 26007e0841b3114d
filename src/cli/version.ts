import { readFileSync } from 'node:fs'

/** Version of this package: its own package.json, two folders up from the source and from dist alike. */
export function version(): string {
  const file = new URL('../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
