/**
 * The reader's values: checked by the runner's own rules, filled into every block, kept in this browser.
 * A refused value changes nothing on the page.
 */
import { fill } from '../../runbook/placeholders.ts'
import type { VariableType } from '../../runbook/model.ts'

type Field = HTMLInputElement | HTMLSelectElement

class ProofbookValues extends HTMLElement {
  connectedCallback(): void {
    const form = this.querySelector('form')
    if (form === null) return
    form.addEventListener('input', event => { void this.#take(event.target as Field) })
    form.addEventListener('submit', event => event.preventDefault())
    form.addEventListener('reset', () => {
      localStorage.removeItem(this.#key)
      for (const field of this.#fields) this.#refuse(field, undefined)
      // The fields get their defaults back only after this event.
      queueMicrotask(() => this.#show({}))
    })
    void this.#restore()
  }

  get #key(): string {
    return `proofbook:values:${this.dataset.id}`
  }

  get #fields(): Field[] {
    return [...this.querySelectorAll<Field>('[data-default]')]
  }

  /** Values that differ from the proven ones, as far as they were accepted. */
  get #own(): Record<string, string> {
    try {
      return JSON.parse(localStorage.getItem(this.#key) ?? '{}') as Record<string, string>
    } catch {
      return {}
    }
  }

  async #restore(): Promise<void> {
    const own = this.#own
    if (Object.keys(own).length === 0) return
    for (const field of this.#fields) {
      const value = own[field.name]
      if (typeof value !== 'string') continue
      field.value = value
      await this.#take(field)
    }
  }

  async #take(field: Field): Promise<void> {
    const value = field.value.trim()
    // 100 KiB of YAML rules, needed only once somebody types.
    const { validate } = await import('../../runbook/validate.ts')
    const expected = validate(value, field.dataset.type as VariableType, field.dataset.values?.split(' '))
    if (value !== field.value.trim()) return
    this.#refuse(field, expected === undefined ? undefined : { received: value, expected })
    if (expected !== undefined) return
    const own = { ...this.#own, [field.name]: value }
    if (value === field.dataset.default) delete own[field.name]
    if (Object.keys(own).length === 0) localStorage.removeItem(this.#key)
    else localStorage.setItem(this.#key, JSON.stringify(own))
    this.#show(own)
  }

  #refuse(field: Field, refusal: { received: string, expected: string } | undefined): void {
    const note = field.closest('.value')?.querySelector<HTMLElement>('.refusal')
    if (!note) return
    note.hidden = refusal === undefined
    note.textContent = refusal === undefined ? '' : `Received “${refusal.received}”, expected ${refusal.expected}.`
    if (refusal === undefined) field.removeAttribute('aria-invalid')
    else field.setAttribute('aria-invalid', 'true')
  }

  #show(own: Readonly<Record<string, string>>): void {
    const values = { ...Object.fromEntries(this.#fields.map(field => [field.name, field.dataset.default!])), ...own }
    for (const place of document.querySelectorAll<HTMLElement>('[data-var]')) place.textContent = values[place.dataset.var!] ?? place.textContent
    for (const code of document.querySelectorAll<HTMLElement>('[data-template]')) code.textContent = fill(code.dataset.template!, values)
    for (const block of document.querySelectorAll('[data-code-block]')) {
      const button = block.querySelector<HTMLElement>('button.copy-code')
      if (button !== null) button.dataset.code = block.querySelector('code')?.textContent ?? ''
    }
    const changed = Object.keys(own).length
    for (const note of this.querySelectorAll<HTMLElement>('[data-note]')) note.hidden = (note.dataset.note === 'own') !== changed > 0
    const state = this.querySelector<HTMLElement>('.values-state')
    if (state !== null) {
      state.dataset.state = changed > 0 ? 'own' : 'proven'
      state.textContent = changed > 0 ? `${changed} of ${this.#fields.length} changed: not what was verified` : 'as proven'
    }
    document.documentElement.toggleAttribute('data-own-values', changed > 0)
  }
}

customElements.define('proofbook-values', ProofbookValues)
