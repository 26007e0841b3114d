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
}

let known: readonly Term[] | undefined

/** In the order of the file. Throws, with the entry, on one that has not the form. */
export function glossary(): readonly Term[] {
  return known ??= (parse(readFileSync(FILE, 'utf8')) as Record<string, unknown>[]).map((entry, index) => {
    const { term, means, see, ...others } = entry
    const wrong = typeof term !== 'string' || typeof means !== 'string' || (see !== undefined && !/^\/.*\/$/.test(String(see))) || Object.keys(others).length > 0
    if (wrong) throw new Error(`${FILE}: entry ${index + 1}: received ${JSON.stringify(entry)}, expected term, means, and see as /page/ or none`)
    return { term, id: `term-${term.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`, means, ...(see === undefined ? {} : { see: String(see) }) }
  })
}
