/** What the head of each page says beside Starlight's own: the page as Markdown, the feed, and the card of a link to it. */

interface Tag {
  readonly tag: 'link' | 'meta'
  readonly attrs: Readonly<Record<string, string>>
}

/** @param home where the site is, with a slash at the end; @param isAbsolute it says the host: a card needs its picture's whole address */
export function headOf(id: string, home: string, isAbsolute: boolean): Tag[] {
  const meta = (property: string, content: string): Tag => ({ tag: 'meta', attrs: { property, content } })
  return [
    ...id === '404' ? [] : [{ tag: 'link' as const, attrs: { rel: 'alternate', type: 'text/markdown', title: 'This page as Markdown', href: `${home}${id === '' ? 'index' : id}.md` } }],
    { tag: 'link', attrs: { rel: 'alternate', type: 'application/atom+xml', title: 'Changes of status', href: `${home}feed.xml` } },
    ...isAbsolute ? [
      meta('og:image', `${home}social.png`), meta('og:image:width', '1200'), meta('og:image:height', '630'),
      meta('og:image:alt', 'Proofbook: networking runbooks for k3s and Kubernetes that prove themselves'),
    ] : [],
  ]
}
