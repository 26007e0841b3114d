/** Takes secrets out of what is shown or kept, in whatever form and however the text is cut. */
import { formsOf } from './forms.ts'

/** Secrets by the name of their variable. */
export type Secrets = Readonly<Record<string, string>>

interface Form {
  readonly text: string
  /** Line ends may stand anywhere within. */
  readonly wrapped: boolean
  readonly shown: string
}

export const shownFor = (name: string): string => `[secret ${name}]`

/** A text that was masked is not the text that there was. */
export const hasMask = (text: string): boolean => /\[secret [a-z][a-z0-9_-]*\]/.test(text)

export interface Masker {
  /** What of this chunk, and of what was held back, is safe to show; the beginning of a secret at its end is held back. */
  push(chunk: string): string
  /** The text has ended: what was held back. */
  flush(): string
}

export class Masks {
  /** By first character, longest first. */
  readonly #forms = new Map<string, Form[]>()

  constructor(secrets: Secrets) {
    for (const [name, secret] of Object.entries(secrets)) {
      const { whole, wrapped } = formsOf(secret)
      const shown = shownFor(name)
      for (const text of whole) this.#add({ text, wrapped: false, shown })
      for (const text of wrapped) this.#add({ text, wrapped: true, shown })
    }
    for (const forms of this.#forms.values()) forms.sort((a, b) => b.text.length - a.text.length)
  }

  /** A whole text. */
  text(text: string): string {
    return this.#masked(text, true).out
  }

  /** Every string in a value of plain data, keys left as they are. */
  deep<T>(value: T): T {
    if (typeof value === 'string') return this.text(value) as T
    if (Array.isArray(value)) return value.map(item => this.deep(item as unknown)) as T
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.deep(item as unknown)])) as T
  }

  /** For a text that comes in chunks. */
  stream(): Masker {
    let held = ''
    return {
      push: chunk => {
        const { out, rest } = this.#masked(held + chunk, false)
        held = rest
        return out
      },
      flush: () => {
        const out = this.text(held)
        held = ''
        return out
      },
    }
  }

  #add(form: Form): void {
    const first = form.text[0]!
    this.#forms.set(first, [...this.#forms.get(first) ?? [], form])
  }

  /** @param ended nothing follows, so that a beginning is no secret */
  #masked(text: string, ended: boolean): { out: string, rest: string } {
    const parts: string[] = []
    let from = 0
    for (let at = 0; at < text.length; at++) {
      const forms = this.#forms.get(text[at]!)
      if (forms === undefined) continue
      let begins = false
      let end = -1
      let shown = ''
      for (const form of forms) {
        const match = ending(text, at, form)
        if (match === CUT) begins = true
        else if (match > end) [end, shown] = [match, form.shown]
      }
      if (end >= 0) {
        parts.push(text.slice(from, at), shown)
        from = end
        at = end - 1
      } else if (begins && !ended) {
        return { out: parts.join('') + text.slice(from, at), rest: text.slice(at) }
      }
    }
    return { out: parts.join('') + text.slice(from), rest: '' }
  }
}

const NONE = -1
const CUT = -2

/** Where a form that begins at `at` ends; CUT when the text ends before it does. */
function ending(text: string, at: number, { text: form, wrapped }: Form): number {
  if (!wrapped && text.length - at >= form.length) return text.startsWith(form, at) ? at + form.length : NONE
  let index = at
  for (let of = 0; of < form.length; index++) {
    if (index === text.length) return CUT
    const char = text[index]
    if (char === form[of]) of++
    else if (!wrapped || of === 0 || (char !== '\n' && char !== '\r')) return NONE
  }
  return index
}
