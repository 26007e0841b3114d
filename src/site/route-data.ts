/** Runs before each page is drawn: badges in the sidebar, steps in the rail, the head. */
import { defineRouteMiddleware, type StarlightRouteData } from '@astrojs/starlight/route-data'
import { findRunbook } from './book.ts'
import { headOf } from './head.ts'
import { homeOf } from './home.ts'
import { standingsOf } from './results/standings.ts'
import { toneOf, worst } from './results/standing.ts'
import { rail } from './rail.ts'

const variants = { good: 'success', caution: 'caution', bad: 'danger', none: 'default' } as const

interface SidebarLink {
  readonly type: 'link'
  readonly href: string
  badge: { text: string, variant: (typeof variants)[keyof typeof variants], class?: string } | undefined
}
type SidebarEntry = SidebarLink | { readonly type: 'group', readonly entries: SidebarEntry[] }

export const onRequest = defineRouteMiddleware(async context => {
  const { starlightRoute: route } = context.locals as { starlightRoute: StarlightRouteData }
  for (const link of links(route.sidebar as SidebarEntry[])) {
    const runbook = findRunbook(idOf(link.href))
    if (runbook === undefined) continue
    const word = worst(await standingsOf(runbook))
    link.badge = { text: word, variant: variants[toneOf[word]] }
  }
  // Starlight puts the base in front of every link but these.
  const { hero } = route.entry.data
  if (hero?.actions) hero.actions = hero.actions.map((action: { link: string }) => ({ ...action, link: withBase(action.link) }))
  route.head.push(...headOf(route.entry.id, homeOf(context.site), context.site !== undefined) as typeof route.head)
  const runbook = findRunbook(route.entry.id)
  if (runbook !== undefined && route.toc !== undefined) route.toc.items = rail(route.toc.items, runbook)
})

const links = (entries: readonly SidebarEntry[]): SidebarLink[] =>
  entries.flatMap(entry => entry.type === 'link' ? [entry] : links(entry.entries))

const BASE = import.meta.env.BASE_URL.replace(/\/$/, '')

const withBase = (link: string): string => link.startsWith('/') && !link.startsWith(`${BASE}/`) ? BASE + link : link

/** `/base/haproxy/x/` → `haproxy/x` */
function idOf(href: string): string {
  return href.slice(href.startsWith(BASE) ? BASE.length : 0).replace(/^\/|\/$/g, '')
}
