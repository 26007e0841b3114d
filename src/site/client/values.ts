/**
 * The reader's values: checked by the runner's own rules, filled into every block, kept in this browser and in the
 * fragment of the address. A refused value changes nothing on the page. Values that came with a link are shown, and
 * kept only when the reader says so.
 */
import { fill } from '../../runbook/placeholders.ts'
import type { VariableType } from '../../runbook/model.ts'
import { fromFragment, isValues, toFragment } from '../values-link.ts'

type Field = HTMLInputElement | HTMLSelectElement
type Values = Readonly<Record<string, string>>

class ProofbookValues extends HTMLElement {
  /** Accepted values that differ from the proven ones. */
  #own: Values = {}
  /** The values came with a link, and nobody has said that they stay. */
  #linked = false

  connectedCallback(): void {
    const form = this.querySelector('form')
    if (form === null) return
    form.addEventListener('input', event => { void this.#typed(event.target as Field) })
    form.addEventListener('submit', event => event.preventDefault())
    form.addEventListener('reset', () => {
      for (const field of this.#fields) this.#refuse(field, undefined)
      // The fields get their defaults back only after this event.
      queueMicrotask(() => { this.#accept({}) })
    })
    this.querySelector('[data-keep]')?.addEventListener('click', () => { this.#accept(this.#own) })
    addEventListener('hashchange', () => { void this.#restore() })
    void this.#restore()
  }

  get #key(): string {
    return `proofbook:values:${this.dataset.id}`
  }

  get #fields(): Field[] {
    return [...this.querySelectorAll<Field>('[data-default]')]
  }

  get #kept(): Values {
    try {
      return JSON.parse(localStorage.getItem(this.#key) ?? '{}') as Values
    } catch {
      return {}
    }
  }

  /** Values of a link come before kept ones. */
  async #restore(): Promise<void> {
    const linked = fromFragment(location.hash)
    this.#linked = Object.keys(linked).length > 0
    const wanted = { ...this.#kept, ...linked }
    const own: Record<string, string> = {}
    for (const field of this.#fields) {
      const value = Object.hasOwn(wanted, field.name) ? wanted[field.name] : undefined
      if (typeof value !== 'string') continue
      field.value = value
      // A refused value in a folded panel would be refused unseen.
      if (!await this.#check(field)) this.querySelector('details')!.open = true
      else if (value !== field.dataset.default) own[field.name] = field.value.trim()
    }
    if (this.#linked || Object.keys(own).length > 0) this.#show(own)
  }

  async #typed(field: Field): Promise<void> {
    const value = field.value.trim()
    if (!await this.#check(field) || value !== field.value.trim()) return
    const { [field.name]: _, ...others } = this.#own
    this.#accept(value === field.dataset.default ? others : { ...others, [field.name]: value })
  }

  async #check(field: Field): Promise<boolean> {
    const value = field.value.trim()
    // 100 KiB of rules and their YAML, needed only once somebody types.
    const { validate } = await import('../../runbook/validate.ts')
    const expected = validate(value, field.dataset.type as VariableType, field.dataset.values?.split(' '))
    this.#refuse(field, expected === undefined ? undefined : { received: value, expected })
    return expected === undefined
  }

  #refuse(field: Field, refusal: { received: string, expected: string } | undefined): void {
    const note = field.closest('.value')?.querySelector<HTMLElement>('.refusal')
    if (!note) return
    note.hidden = refusal === undefined
    note.textContent = refusal === undefined ? '' : `Received “${refusal.received}”, expected ${refusal.expected}.`
    if (refusal === undefined) field.removeAttribute('aria-invalid')
    else field.setAttribute('aria-invalid', 'true')
  }

  /** The reader's own doing: kept from now on. */
  #accept(own: Values): void {
    this.#linked = false
    if (Object.keys(own).length === 0) localStorage.removeItem(this.#key)
    else localStorage.setItem(this.#key, JSON.stringify(own))
    // The fragment of a link to a step stays; the values are kept here all the same.
    if (location.hash === '' || isValues(location.hash)) history.replaceState(history.state, '', `${location.pathname}${location.search}${toFragment(own)}`)
    this.#show(own)
  }

  #show(own: Values): void {
    this.#own = own
    const values = { ...Object.fromEntries(this.#fields.map(field => [field.name, field.dataset.default!])), ...own }
    for (const place of document.querySelectorAll<HTMLElement>('[data-var]')) place.textContent = values[place.dataset.var!] ?? place.textContent
    for (const code of document.querySelectorAll<HTMLElement>('[data-template]')) code.textContent = fill(code.dataset.template!, values)
    this.#tell(own)
  }

  #tell(own: Values): void {
    const changed = Object.keys(own).length
    const note = changed === 0 ? 'proven' : this.#linked ? 'link' : 'own'
    for (const each of this.querySelectorAll<HTMLElement>('[data-note]')) each.hidden = each.dataset.note !== note
    const state = this.querySelector<HTMLElement>('.values-state')
    if (state !== null) {
      state.dataset.state = changed > 0 ? 'own' : 'proven'
      state.textContent = changed > 0 ? `${changed} of ${this.#fields.length} changed: not what was verified` : 'as proven'
    }
    const share = this.querySelector<HTMLElement>('[data-share]')
    if (share !== null) {
      share.hidden = changed === 0
      share.dataset.code = `${location.origin}${location.pathname}${toFragment(own)}`
    }
    document.documentElement.toggleAttribute('data-own-values', changed > 0)
  }
}

customElements.define('proofbook-values', ProofbookValues)
