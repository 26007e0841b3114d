/** Code and transcripts as HTML. The text content is exactly the text given. */
import { bundledLanguages, bundledThemes, codeToHtml, getSingletonHighlighter, type BundledTheme, type HighlighterGeneric, type LanguageRegistration } from 'shiki'
import { clipped } from './clip.ts'
import { escapeHtml } from '../report/html-text.ts'
import { pairThemes, type PairTheme } from './highlight-pair.ts'
import { shikiOptions, tokenColours } from './highlight-options.ts'
import type { Filled } from './fill.ts'

const { langs, ...themes } = shikiOptions
const own: Readonly<Record<string, unknown>> = Object.fromEntries(langs.map(language => [language.name, language]))

/** `<pre class="shiki">…` of a text with the values of variables marked as `<span data-var>`. */
export const highlight = ({ text, places }: Filled, language: string): Promise<string> => coloured(text, language, places, wordsWhole)

type Places = Filled['places']

/** Neighbours that look the same are one piece. */
interface Piece {
  readonly text: string
  /** In the text. */
  readonly start: number
  /** Attributes of the element around it; none for plain text, which needs no element. */
  readonly look: string
}

async function coloured(text: string, language: string, places: Places, html: (text: string) => string): Promise<string> {
  const { theme, pairOf } = await pair()
  const reader = await readerOf(language)
  // No limit of time: on a busy machine it cuts a line off, and what follows has the colours of something else.
  const lines = reader.codeToTokensBase(text, { lang: known(language) ? language : 'text', theme: theme.name as BundledTheme, tokenizeTimeLimit: 0 })
  let start = 0
  const shown = lines.map((line) => {
    const pieces = line.map(({ content, offset, color }) => ({ text: content, start: offset, look: color === undefined ? '' : lookOf(pairOf(color)) }))
    const from = start
    start = text.indexOf('\n', from) + 1
    return `<span class="line">${lineHtml(withSpaces(pieces), from, places, html)}</span>`
  })
  return `<pre class="shiki" tabindex="0"><code>${shown.join('\n')}</code></pre>`
}

/** The pairs that the style sheet knows are classes. */
function lookOf({ light, dark }: { readonly light: string, readonly dark: string }): string {
  const at = tokenColours.findIndex(([one, other]) => one === light && other === dark)
  return at < 0 ? ` style="--shiki-light:${light};--shiki-dark:${dark}"` : at === 0 ? '' : ` class="t${at}"`
}

/** Spaces have no colour: they belong to what follows. */
function withSpaces(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = []
  let spaces: Piece | undefined
  for (const [index, piece] of pieces.entries()) {
    const { text, start } = spaces ?? { text: '', start: piece.start }
    const whole = { ...piece, text: text + piece.text, start }
    spaces = index < pieces.length - 1 && /^\s+$/.test(piece.text) ? whole : undefined
    if (spaces === undefined) out.push(whole)
  }
  return out
}

function lineHtml(pieces: readonly Piece[], from: number, places: Places, html: (text: string) => string): string {
  const to = pieces.reduce((end, { text }) => end + text.length, from)
  const here = places.filter(({ start, end }) => start === end ? start >= from && end <= to : start < to && end > from)
  let at = from
  const parts = here.map(({ name, start, end }) => {
    const before = spans(cut(pieces, at, start), html)
    at = end
    return `${before}<span data-var="${name}">${spans(cut(pieces, start, end), html)}</span>`
  })
  return here.length === 0 ? spans(pieces, html) : parts.join('') + spans(cut(pieces, at, to), html)
}

const cut = (pieces: readonly Piece[], from: number, to: number): Piece[] => pieces
  .filter(({ text, start }) => start < to && start + text.length > from)
  .map(({ text, start, look }) => ({ text: text.slice(Math.max(0, from - start), to - start), start: Math.max(start, from), look }))

/** A span that says nothing is no element, and neighbours that say the same are one: a long page has thousands. */
function spans(pieces: readonly Piece[], html: (text: string) => string): string {
  const joined: { look: string, text: string }[] = []
  for (const { look, text } of pieces) {
    const [before, last] = [joined.at(-2), joined.at(-1)]
    if (last?.look === look) last.text += text
    else if (before !== undefined && before.look === look && look !== '' && /^[ \t]*$/.test(last!.text)) {
      joined.pop()
      before.text += last!.text + text
    } else joined.push({ look, text })
  }
  return joined.map(({ look, text }) => look === '' ? html(text) : `<span${look}>${html(text)}</span>`).join('')
}

const escaped = (text: string): string => text.replaceAll('&', '&#x26;').replaceAll('<', '&#x3C;')

/** A browser may break a line after any hyphen; `--delimiter` and `apt-get` must not fall apart. */
const wordsWhole = (text: string): string => text.includes('-')
  ? escaped(text).replace(/(?<!\S)[\w.]*-[\w.-]{1,40}(?!\S)/g, '<span class="word">$&</span>')
  : escaped(text)

type Reader = HighlighterGeneric<keyof typeof bundledLanguages, keyof typeof bundledThemes>

let pairKnown: Promise<PairTheme> | undefined
const readers = new Map<string, Promise<Reader>>()

const pair = (): Promise<PairTheme> => pairKnown ??= (async () => {
  const { light, dark } = themes.themes
  const [{ default: one }, { default: other }] = await Promise.all([bundledThemes[light](), bundledThemes[dark]()])
  return pairThemes('pair', replaced(one, light), replaced(other, dark))
})()

/** A theme with the colours that the site has put in place of its own. */
function replaced<Theme>(theme: Theme, name: string): Theme {
  const replacements = Object.entries((themes.colorReplacements as Readonly<Record<string, Readonly<Record<string, string>>>>)[name] ?? {})
  return JSON.parse(replacements.reduce((text, [from, to]) => text.replaceAll(`"${from}"`, `"${to}"`), JSON.stringify(theme))) as Theme
}

const known = (language: string): language is keyof typeof bundledLanguages => Object.hasOwn(own, language) || Object.hasOwn(bundledLanguages, language)

/** What reads texts, with the grammar of a language. */
function readerOf(language: string): Promise<Reader> {
  const before = readers.get(language)
  if (before !== undefined) return before
  const reader = pair().then(({ theme }) => getSingletonHighlighter({ themes: [theme], langs: known(language) ? [Object.hasOwn(own, language) ? own[language] as LanguageRegistration : language] : [] }))
  readers.set(language, reader)
  return reader
}

/** The same without colours, an eighth of the bytes: for commands that repeat what stands elsewhere. */
export function unhighlighted({ text, places }: Filled): string {
  let at = 0
  const parts = places.map(({ name, start, end }) => {
    const part = `${escapeHtml(text.slice(at, start))}<span data-var="${name}">${escapeHtml(text.slice(start, end))}</span>`
    at = end
    return part
  })
  const lines = [...parts, escapeHtml(text.slice(at))].join('').split('\n')
  return `<pre class="shiki"><code>${lines.map(line => `<span class="line">${line}</span>`).join('\n')}</code></pre>`
}

/** Lines beyond which a transcript is shown without colours: an element for each would make a page that nothing can open. */
const MOST_LINES = 2000

const plainHtml = (text: string): string => `<pre class="shiki" tabindex="0"><code>${text
  .replace(/\u001B\[[0-9;]*m/g, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</code></pre>`

/** What a block printed, with its ANSI colours. */
export async function highlightAnsi(text: string): Promise<string> {
  const shown = stripControls(clipped(text))
  if (shown.split('\n').length > MOST_LINES) return plainHtml(shown)
  return shown.includes('\u001B') ? withClasses(await codeToHtml(shown, { ...themes, lang: 'ansi' })) : coloured(shown, 'text', [], escaped)
}

/** Styles of tokens as classes; a pair that has none keeps its style. Only tags are touched: text has no `<`. */
const withClasses = (html: string): string => html
  .replace(/<(pre|span)\b([^>]*?) style="--shiki-light:(#\w+);--shiki-dark:(#\w+)(?:;--shiki-(?:light|dark)-bg:#\w+)*"/g,
    (_, name: string, before: string, light: string, dark: string) => `<${name}${before}${lookOf({ light: light.toLowerCase(), dark: dark.toLowerCase() })}`)
  .replaceAll(' shiki-themes github-light-default github-dark-default', '')
  .replace(/<span>([^<]*)<\/span>/g, '$1')
  .replace(/(<span class="t\d">)[^<]*<\/span>(?:[ \t]*\1[^<]*<\/span>)+/g, (run, open: string) => `${open}${run.replace(/<[^>]*>/g, '')}</span>`)

/** Terminal controls other than colours have no meaning on a page: cursor moves, titles, links, carriage returns. */
function stripControls(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(/^.*\r(?!\n)/gm, '')
    // Strings for the terminal (titles, links, device controls), up to their end.
    .replace(/\u001B[\]PX^_][^\u0007\u001B]*(?:\u0007|\u001B\\)/g, '')
    .replace(/\u001B\[[0-?]*[ -/]*[@-~]/g, sequence => /^\u001B\[[0-9;]*m$/.test(sequence) ? sequence : '')
    .replace(/\u001B(?!\[[0-9;]*m)|[\u0000-\u0008\u000B-\u001A\u001C-\u001F\u007F-\u009F]/g, '')
    // What turns the direction of reading could make one text look like another.
    .replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, mark => `[U+${mark.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`)
}
