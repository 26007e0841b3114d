/**
 * The Content-Security-Policy of one built page: what the page itself holds may run, by hash, and files of the site;
 * nothing else. So a text that found its way into a page as HTML could neither run a script nor ask another host.
 */
import { createHash } from 'node:crypto'

/** `'wasm-unsafe-eval'`: the search (Pagefind) is WebAssembly. Images may be `data:`, as the icons of the style sheets are. */
const FIXED: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'worker-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
}

/** Comments, then scripts and styles with what is in them, then any other start tag; a `>` in a quoted value ends none. */
const MARKUP = /<!--[\s\S]*?-->|<(script|style)\b((?:[^>"']|"[^"]*"|'[^']*')*)>([\s\S]*?)<\/\1>|<[a-z](?:[^>"']|"[^"]*"|'[^']*')*>/gi
const ATTRIBUTE = /([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/g

interface Inline {
  readonly scripts: readonly string[]
  readonly styles: readonly string[]
}

/** Texts of inline scripts, of style elements and of style attributes, each once. */
function inlineOf(html: string): Inline {
  const scripts = new Set<string>()
  const styles = new Set<string>()
  for (const [tag, name, attributes = '', text = ''] of html.matchAll(MARKUP)) {
    if (tag.startsWith('<!--')) continue
    const rest = name === undefined ? tag.slice(1, -1) : attributes
    if (name?.toLowerCase() === 'script' && valueOf(rest, 'src') === undefined) scripts.add(text)
    if (name?.toLowerCase() === 'style') styles.add(text)
    const style = valueOf(rest, 'style')
    if (style !== undefined) styles.add(decoded(style))
  }
  return { scripts: [...scripts], styles: [...styles] }
}

/** Source of an attribute's value among the attributes of a tag. */
function valueOf(attributes: string, name: string): string | undefined {
  if (!attributes.includes(name)) return undefined
  for (const [, key, double, single, bare] of attributes.matchAll(ATTRIBUTE)) {
    if (key!.toLowerCase() === name) return double ?? single ?? bare ?? ''
  }
  return undefined
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>' }

/** A browser hashes the value of an attribute, not its source. */
const decoded = (value: string): string => value.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(amp|quot|apos|lt|gt));/gi, (_, hex, decimal, name) =>
  name === undefined ? String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex as string, 16)) : NAMED[String(name).toLowerCase()]!)

export const hashSource = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

export function policyOf(html: string): string {
  const { scripts, styles } = inlineOf(html)
  return Object.entries({
    ...FIXED,
    'script-src': ["'self'", "'wasm-unsafe-eval'", ...scripts.map(hashSource)].join(' '),
    // 'unsafe-hashes' lets a hash speak for a style attribute; Shiki colours code by them.
    'style-src': ["'self'", "'unsafe-hashes'", ...styles.map(hashSource)].join(' '),
  }).map(([directive, sources]) => `${directive} ${sources}`).join('; ')
}

/** The page with its policy, before anything that it governs. @throws when the page has no charset to put it behind */
export function withPolicy(html: string): string {
  const at = /<meta charset="utf-8"\s*\/?>/i.exec(html)
  if (at === null) throw new Error('received a page without <meta charset="utf-8">, expected one, as every page of Starlight has it')
  const end = at.index + at[0].length
  return `${html.slice(0, end)}<meta http-equiv="content-security-policy" content="${policyOf(html)}">${html.slice(end)}`
}
