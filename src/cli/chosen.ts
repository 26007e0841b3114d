/** Which runbooks a command's words mean. */
import { findRunbooks, runbooksRoot } from '../runbook/library.ts'

export interface Chosen {
  /** Each once, in the order of the words; as it was typed where no page has that name, for whoever opens it to complain. */
  readonly ids: readonly string[]
  /** Those of them that are there, with their files. */
  readonly pages: Awaited<ReturnType<typeof findRunbooks>>
  /** Every word is one page: a chapter names none of its pages. */
  readonly named: boolean
}

/**
 * @param words ids of pages, and chapters such as `haproxy` or `haproxy/` for all of their pages; the whole book when empty
 * @throws BadInput when the folder of the book cannot be read
 */
export async function chosenRunbooks(words: readonly string[]): Promise<Chosen> {
  const pages = await findRunbooks(runbooksRoot())
  const known = pages.map(({ id }) => id)
  if (words.length === 0) return { ids: known, pages, named: false }
  const meant = words.map((word) => {
    const pages = known.filter((id) => id.startsWith(`${word.replace(/\/$/, '')}/`))
    return pages.length > 0 && !known.includes(word) ? pages : [word]
  })
  const ids = new Set(meant.flat())
  return { ids: [...ids], pages: pages.filter(({ id }) => ids.has(id)), named: meant.every(([first], index) => first === words[index]) }
}
