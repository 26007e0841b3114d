/** One word behind the language of a fence: `timeout=3m`, `background`, `skip="no hardware"`. */
export interface Word {
  readonly key: string
  /** Undefined for a flag. */
  readonly value?: string
  /** 1-based column of the word in its line, and its length in UTF-16 units. */
  readonly column: number
  readonly length: number
}

export interface BadWord {
  readonly message: string
  readonly received: string
  readonly expected: string
  readonly column: number
  readonly length: number
}

const FORM = 'words such as timeout=3m, background or skip="a reason"'
const WORD = /([A-Za-z][A-Za-z0-9-]*)(?:=(?:"([^"]*)"|'([^']*)'|([^\s"'=]+)))?(?=\s|$)/y

/**
 * The words of an info string. A space or a tab separates words; quotes hold spaces; there is no escape inside quotes.
 * `column` is the 1-based column at which `info` starts in its line.
 */
export function parseInfo(info: string, column: number): { readonly words: Word[], readonly bad: BadWord[] } {
  const words: Word[] = []
  const bad: BadWord[] = []
  let at = 0
  while (at < info.length) {
    if (/\s/.test(info[at]!)) {
      at++
      continue
    }
    WORD.lastIndex = at
    const match = WORD.exec(info)
    if (match === null) {
      const received = /^[^\s"']*(?:"[^"]*(?:"\S*|$)|'[^']*(?:'\S*|$))?/.exec(info.slice(at))![0]
      const open = /["']/.test(received) && !/(["']).*\1/.test(received)
      const message = open ? 'quote is not closed' : 'word is neither a flag nor key=value'
      bad.push({ message, received, expected: FORM, column: column + at, length: received.length })
      at += received.length
      continue
    }
    const value = match[2] ?? match[3] ?? match[4]
    const place = { column: column + at, length: match[0].length }
    words.push({ key: match[1]!, ...(value === undefined ? {} : { value }), ...place })
    at += match[0].length
  }
  return { words, bad }
}
