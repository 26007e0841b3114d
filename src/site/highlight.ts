/** Code and transcripts as HTML. The text content is exactly the text given. */
import { bundledLanguages, codeToHtml } from 'shiki'
import { shikiOptions } from './highlight-options.ts'
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
  return keepWordsWhole(html)
}

/** A browser may break a line after any hyphen; `--delimiter` and `apt-get` must not fall apart. Only text is touched. */
function keepWordsWhole(html: string): string {
  return html.replace(/<[^>]*>|[^<]+/g, part => part.startsWith('<') ? part
    : part.replace(/(?<!\S)[\w.]*-[\w.-]{1,40}(?!\S)/g, '<span class="word">$&</span>'))
}

/** What a block printed, with its ANSI colours. */
export async function highlightAnsi(text: string): Promise<string> {
  return codeToHtml(stripControls(text), { ...themes, lang: 'ansi' })
}

function languageFor(language: string): unknown {
  if (Object.hasOwn(own, language)) return own[language]
  return Object.hasOwn(bundledLanguages, language) ? language : 'text'
}

/** Terminal controls other than colours have no meaning on a page: cursor moves, titles, carriage returns. */
function stripControls(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(/^.*\r(?!\n)/gm, '')
    .replace(/\u001B\](?:[^\u0007\u001B]*)(?:\u0007|\u001B\\)/g, '')
    .replace(/\u001B\[[0-9;?]*[A-Za-ln-z]/g, '')
}
