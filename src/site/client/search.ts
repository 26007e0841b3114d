/**
 * Stands where Starlight expects the panel of Pagefind, and fetches it (26 KB of script) when a reader moves to the
 * search: most visits never search, and a page is read where the network is bad.
 */
interface Panel {
  new (options: { readonly element: string }): unknown
}

export class PagefindUI {
  #loading: Promise<void> | undefined

  constructor(options: { readonly element: string }) {
    const search = document.querySelector('site-search')!
    const dialog = search.querySelector('dialog')!
    const button = search.querySelector('[data-open-modal]')!
    const load = (): void => { this.#loading ??= this.#load(options, dialog) }
    for (const intent of ['pointerenter', 'focus', 'touchstart']) button.addEventListener(intent, load, { passive: true })
    // Opened by a key, or before this ran.
    const opened = (): void => { if (dialog.open) load() }
    new MutationObserver(opened).observe(dialog, { attributeFilter: ['open'] })
    opened()
  }

  async #load(options: { readonly element: string }, dialog: HTMLDialogElement): Promise<void> {
    const place = dialog.querySelector(options.element)!
    place.textContent = 'The search is being loaded.'
    try {
      // @ts-expect-error The package has no types.
      const { PagefindUI } = await import('@pagefind/default-ui') as { PagefindUI: Panel }
      place.textContent = ''
      new PagefindUI(options)
      if (dialog.open) dialog.querySelector('input')?.focus()
    } catch {
      place.textContent = 'The search could not be loaded. Is the network down? Open it again to try again.'
      this.#loading = undefined
    }
  }
}
