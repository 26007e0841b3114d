/** The words of the book: src/content/glossary.yaml. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

const FILE = 'src/content/glossary.yaml'

export interface Term {
  readonly term: string
  /** Its place in the page: `term-proxy-protocol`. */
  readonly id: string
  /** One or two sentences without markup. */
  readonly means: string
  /** A page of the site that shows the thing: `/cni/flannel/`. */
  readonly see?: string
  /** Pages tell what it means where they name it first. Everyday words have other meanings too, so only names do by themselves. */
  readonly tip: boolean
}

let known: readonly Term[] | undefined

/** In the order of the file. Throws, with the entry, on one that has not the form. */
export function glossary(): readonly Term[] {
  return known ??= (parse(readFileSync(FILE, 'utf8')) as Record<string, unknown>[]).map((entry, index) => {
    const { term, means, see, tip, ...others } = entry
    const wrong = typeof term !== 'string' || typeof means !== 'string' || (see !== undefined && !/^\/.*\/$/.test(String(see))) || (tip !== undefined && tip !== true) || Object.keys(others).length > 0
    if (wrong) throw new Error(`${FILE}: entry ${index + 1}: received ${JSON.stringify(entry)}, expected term, means, see as /page/ or none, and tip: true or none`)
    return { term, id: `term-${term.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`, means, tip: tip === true || /[A-Z]/.test(term), ...(see === undefined ? {} : { see: String(see) }) }
  })
}

let pattern: RegExp | undefined

export interface Tip {
  readonly term: Term
  readonly at: number
  readonly length: number
}

/** The first term with a tip in a text, in the plural too, but for those that have been told. */
export function tipIn(text: string, told: ReadonlySet<string>): Tip | undefined {
  const tips = glossary().filter(({ tip }) => tip)
  pattern ??= new RegExp(`(?<![\\w/.:-])(${tips.map(({ term }) => term).toSorted((one, other) => other.length - one.length).join('|')})s?(?![\\w/-])`, 'g')
  for (const { 0: found, 1: name, index } of text.matchAll(pattern)) {
    const term = tips.find(each => each.term === name)!
    if (!told.has(term.id)) return { term, at: index, length: found.length }
  }
  return undefined
}
