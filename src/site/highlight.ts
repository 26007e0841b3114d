/** Code and transcripts as HTML. The text content is exactly the text given. */
import { bundledLanguages, codeToHtml } from 'shiki'
import { clipped } from './clip.ts'
import { escapeHtml } from '../report/html-text.ts'
import { shikiOptions, tokenColours } from './highlight-options.ts'
import type { Filled } from './fill.ts'

const { langs, ...themes } = shikiOptions
const own = Object.fromEntries(langs.map(language => [language.name, language]))

/** `<pre class="shiki">…` of a text with the values of variables marked as `<span data-var>`. */
export async function highlight({ text, places }: Filled, language: string): Promise<string> {
  const html = await codeToHtml(text, {
    ...themes,
    lang: languageFor(language) as 'bash',
    decorations: places.map(({ name, start, end }) => ({ start, end, alwaysWrap: true, properties: { 'data-var': name } })),
  })
  return keepWordsWhole(withClasses(html))
}

/** Styles of tokens as classes; a pair that has none keeps its style. Only tags are touched: text has no `<`. */
function withClasses(html: string): string {
  return html.replace(/<(pre|span)\b([^>]*?) style="--shiki-light:(#\w+);--shiki-dark:(#\w+)(?:;--shiki-(?:light|dark)-bg:#\w+)*"/g, (tag, name: string, before: string, light: string, dark: string) => {
    const at = tokenColours.findIndex(([one, other]) => one === light.toLowerCase() && other === dark.toLowerCase())
    return at < 0 ? tag : at === 0 ? `<${name}${before}` : `<${name}${before} class="t${at}"`
  }).replaceAll(' shiki-themes github-light-default github-dark-default', '')
    // A span that says nothing is no element, and neighbours that say the same are one: a long page has thousands.
    .replace(/<span>([^<]*)<\/span>/g, '$1')
    .replace(/(<span class="t\d">)[^<]*<\/span>(?:[ \t]*\1[^<]*<\/span>)+/g, (run, open: string) => `${open}${run.replace(/<[^>]*>/g, '')}</span>`)
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

/** A browser may break a line after any hyphen; `--delimiter` and `apt-get` must not fall apart. Only text is touched. */
function keepWordsWhole(html: string): string {
  return html.replace(/<[^>]*>|[^<]+/g, part => part.startsWith('<') ? part
    : part.replace(/(?<!\S)[\w.]*-[\w.-]{1,40}(?!\S)/g, '<span class="word">$&</span>'))
}

/** Lines beyond which a transcript is shown without colours: an element for each would make a page that nothing can open. */
const MOST_LINES = 2000

const plainHtml = (text: string): string => `<pre class="shiki" tabindex="0"><code>${text
  .replace(/\u001B\[[0-9;]*m/g, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</code></pre>`

/** What a block printed, with its ANSI colours. */
export async function highlightAnsi(text: string): Promise<string> {
  const shown = stripControls(clipped(text))
  return shown.split('\n').length > MOST_LINES ? plainHtml(shown) : withClasses(await codeToHtml(shown, { ...themes, lang: 'ansi' }))
}

function languageFor(language: string): unknown {
  if (Object.hasOwn(own, language)) return own[language]
  return Object.hasOwn(bundledLanguages, language) ? language : 'text'
}

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
