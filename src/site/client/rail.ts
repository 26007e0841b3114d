/**
 * Stands where Starlight expects the list of a page's headings, and marks the one that is being read: the last whose top
 * has passed a line below the header. It watches the headings that the list links to and nothing else of a long page.
 */
export class StarlightTOC extends HTMLElement {
  #current = this.querySelector('a[aria-current="true"]')
  #observer: IntersectionObserver | undefined

  set current(link: HTMLAnchorElement) {
    if (link === this.#current) return
    this.#current?.removeAttribute('aria-current')
    link.setAttribute('aria-current', 'true')
    this.#current = link
  }

  constructor() {
    super()
    const idle = window.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 1))
    idle(() => { this.#watch() })
    // The line stands where the window ends, and of two lists only one is shown.
    let again: number | undefined
    addEventListener('resize', () => {
      clearTimeout(again)
      again = window.setTimeout(() => { this.#watch() }, 200)
    })
  }

  #watch(): void {
    this.#observer?.disconnect()
    if (!this.checkVisibility()) return
    const links = [...this.querySelectorAll('a')]
    const headings = links.map(({ hash }) => document.getElementById(decodeURIComponent(hash.slice(1))))
    const above = new Set<Element>()
    const height = (selector: string, within: ParentNode): number => within.querySelector(selector)?.getBoundingClientRect().height ?? 0
    // A heading that a link leads to comes to stand 24 pixels below the header.
    const line = height('header', document) + height('summary', this) + 33
    this.#observer = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) above[isIntersecting ? 'add' : 'delete'](target)
      const at = headings.findLastIndex(heading => heading !== null && above.has(heading))
      const link = links[Math.max(at, 0)]
      if (link !== undefined) this.current = link
    }, { rootMargin: `1000000px 0px ${line - document.documentElement.clientHeight}px` })
    for (const heading of headings) if (heading !== null) this.#observer.observe(heading)
  }
}

customElements.define('starlight-toc', StarlightTOC)
