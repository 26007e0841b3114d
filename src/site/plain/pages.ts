/** The pages of the site in the form in which Markdown is made of them. */

/** An entry of Astro's collection `docs`, as far as it is used. */
export interface DocsEntry {
  readonly id: string
  /** Markdown without its frontmatter. */
  readonly body?: string
  readonly data: { readonly title: string, readonly description?: string }
}

/** A page that is not there has no text worth reading. */
export const isRead = ({ id }: Pick<DocsEntry, 'id'>): boolean => id !== '404'
