import type { Diagnostic } from './model.ts'

/** Largest page, in bytes: the longest real one is under 40 KiB, and a larger one is a mistake (a log, a binary). */
export const PAGE_LIMIT = 1024 * 1024

/** A page's text with LF line ends and without a byte order mark, or why it cannot be read. Never throws. */
export function readSource(source: string | Uint8Array, path: string):
  { readonly text: string } | { readonly diagnostic: Diagnostic } {
  const at = (line: number, column: number, message: string, received: string, expected: string) =>
    ({ diagnostic: { path, position: { line, column }, message, received, expected } })

  const size = typeof source === 'string' ? Buffer.byteLength(source) : source.byteLength
  if (size > PAGE_LIMIT) {
    return at(1, 1, 'page too large', `${(size / 1024 / 1024).toFixed(1)} MiB`, 'at most 1 MiB of MDX')
  }
  let text: string
  try {
    text = typeof source === 'string' ? source
      : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(source)
  } catch {
    return at(lineOfBadByte(source as Uint8Array), 1, 'page is not UTF-8', 'a byte that is not UTF-8', 'UTF-8 text')
  }
  text = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')

  // A control character is invisible on the page and not to bash. A lone CR is a line end to Markdown only.
  const stray = /[\0-\x08\x0B-\x1F\x7F]/.exec(text)
  if (stray !== null) {
    const before = text.slice(0, stray.index).split('\n')
    const code = `U+${stray[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
    return at(before.length, before.at(-1)!.length + 1, 'control character in the page', code,
      'printable text, tabs and line ends')
  }
  return { text }
}

function lineOfBadByte(bytes: Uint8Array): number {
  const lines = new TextDecoder().decode(bytes).split('\n')
  return lines.findIndex((line) => line.includes('\uFFFD')) + 1 || 1
}
