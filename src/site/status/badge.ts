/** A word on a runbook as a small SVG for somebody's README. Colours and words are those of the site. */
import type { Tone, Word } from '../results/standing.ts'
import { toneOf } from '../results/standing.ts'
import { day } from '../words.ts'

/** White on each has a contrast of at least 4.5. */
const colours: Readonly<Record<Tone, string>> = { good: '#0b6238', caution: '#704700', bad: '#a11d17', none: '#57606a' }

export interface Badge {
  readonly word: Word
  /** Of the run behind the word. */
  readonly finishedAt?: string
}

export const badgeText = ({ word, finishedAt }: Badge): string => finishedAt === undefined ? word : `${word}, ${day(finishedAt)}`

/** Width of a text in pixels at 11 px of a common sans-serif; `textLength` then makes it true of any. */
const widthOf = (text: string): number => Math.ceil([...text].reduce((sum, sign) => sum + (/[ijlIt.,:']/.test(sign) ? 3.6 : /[mwMW]/.test(sign) ? 9.2 : 6.4), 0))

export function badgeSvg(badge: Badge): string {
  const [label, text] = ['Proofbook', badgeText(badge)]
  const [left, right] = [widthOf(label) + 14, widthOf(text) + 14]
  const part = (words: string, at: number, width: number): string =>
    `<text x="${at + 7}" y="14" textLength="${width - 14}" lengthAdjust="spacingAndGlyphs">${escaped(words)}</text>`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${escaped(`${label}: ${text}`)}">
<title>${escaped(`${label}: ${text}`)}</title>
<rect width="${left + right}" height="20" rx="3" fill="#2b3138"/>
<path d="M${left} 0h${right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-${right - 3}z" fill="${colours[toneOf[badge.word]]}"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${part(label, 0, left)}${part(text, left, right)}</g>
</svg>
`
}

/** For XML, which has no way to write most control characters. */
export const escaped = (text: string): string => text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
