/** Bytes of a transcript that a result keeps. */
export const LONGEST_TRANSCRIPT = 64 * 1024

/**
 * Cuts the middle out of a long text and says so; measured in UTF-16 units, which is at most what UTF-8 needs.
 * @param whole bytes that there were, where `text` is what is left of them
 */
export function clip(text: string, longest: number = LONGEST_TRANSCRIPT, whole?: number): string {
  if (whole === undefined && (text.length * 3 <= longest || Buffer.byteLength(text) <= longest)) return text
  const bytes = Buffer.from(text)
  const half = Math.floor((longest - 64) / 2)
  const cut = (whole ?? bytes.length) - 2 * half
  const part = (from: number, to: number): string => bytes.subarray(from, to).toString('utf8').replace(/^\uFFFD+|\uFFFD+$/g, '')
  return `${part(0, half)}\n[… ${cut} bytes left out …]\n${part(bytes.length - half, bytes.length)}`
}

/** The last lines of an output, for a failure message. */
export function tail(text: string, lines = 12): string {
  const all = text.trimEnd().split('\n')
  return all.slice(-lines).join('\n')
}
