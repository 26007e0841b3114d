/** Which runbooks a command's words mean. */
import { findRunbooks, runbooksRoot } from '../runbook/library.ts'

export interface Chosen {
  /** Each once, in the order of the words; as it was typed where no page has that name, for whoever opens it to complain. */
  readonly ids: readonly string[]
  /** Every word is one page: a chapter names none of its pages. */
  readonly named: boolean
}

/**
 * @param words ids of pages, and chapters such as `haproxy` or `haproxy/` for all of their pages; the whole book when empty
 * @throws BadInput when the folder of the book cannot be read
 */
export async function chosenRunbooks(words: readonly string[]): Promise<Chosen> {
  const known = (await findRunbooks(runbooksRoot())).map(({ id }) => id)
  if (words.length === 0) return { ids: known, named: false }
  const meant = words.map((word) => {
    const pages = known.filter((id) => id.startsWith(`${word.replace(/\/$/, '')}/`))
    return pages.length > 0 && !known.includes(word) ? pages : [word]
  })
  return { ids: [...new Set(meant.flat())], named: meant.every(([first], index) => first === words[index]) }
}
