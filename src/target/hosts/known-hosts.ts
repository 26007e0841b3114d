/** Keys that a reader's ssh knows. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'

/** The fingerprint of the key in that line (from 1) of a known_hosts, as ssh prints it; undefined when there is none. */
export async function fingerprintAt(file: string, line: number): Promise<string | undefined> {
  const text = await readFile(file.replace(/^~(?=\/)/, homedir()), 'utf8').catch(() => '')
  const blob = /(?:ssh|ecdsa|sk)-\S+ ([A-Za-z0-9+/=]+)/.exec(text.split('\n')[line - 1] ?? '')?.[1]
  return blob && fingerprint(blob)
}

/** `SHA256:` and the hash of a key without its padding (OpenSSH, sshkey_fingerprint). */
export function fingerprint(blob: string): string {
  return `SHA256:${createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64').replace(/=+$/, '')}`
}
