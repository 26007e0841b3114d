/** Secrets that this process knows: whatever it prints of an error, they are not in it. */
import type { Masks } from '../run/secret/mask.ts'

let masks: Masks | undefined

export function hide(known: Masks): void {
  masks = known
}

export function withoutSecrets(text: string): string {
  return masks?.text(text) ?? text
}
