/** Pages that come before other pages. */

/** A page as far as its place in the order matters. */
export interface Requiring {
  readonly id: string
  readonly requires: readonly string[]
}

/** The circle that a page is in, its id first and last; undefined when it is in none. Ids without a page lead nowhere. */
export function circleOf(id: string, requiresOf: (id: string) => readonly string[]): string[] | undefined {
  const seen = new Set<string>()
  const back = (from: string): string[] | undefined => {
    for (const next of requiresOf(from)) {
      if (next === id) return [from, id]
      if (seen.has(next)) continue
      seen.add(next)
      const rest = back(next)
      if (rest !== undefined) return [from, ...rest]
    }
    return undefined
  }
  return back(id)
}

/** Pages in an order in which each comes after those that it requires, as far as they are there; else as given. */
export function inOrder<T extends Requiring>(pages: readonly T[]): T[] {
  const byId = new Map(pages.map((page) => [page.id, page]))
  const ordered = new Set<T>()
  const open = new Set<T>()
  const place = (page: T): void => {
    // A circle is reported by the check; here it must only not go round for ever.
    if (ordered.has(page) || open.has(page)) return
    open.add(page)
    for (const id of page.requires) {
      const before = byId.get(id)
      if (before !== undefined) place(before)
    }
    open.delete(page)
    ordered.add(page)
  }
  pages.forEach(place)
  return [...ordered]
}
