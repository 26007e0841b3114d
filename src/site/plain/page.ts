/** A page as Markdown: for programs that read, and for readers without a browser. */
import { fill } from '../../runbook/placeholders.ts'

export interface PlainOptions {
  /** Where the site is, with a slash at the end; links from the root start here. */
  readonly home: string
  /** Values for `{{name}}`; none for a page that is no runbook. */
  readonly values?: Readonly<Record<string, string>>
  /** What stands for a component of the page, by its name; one that is not here is left out. */
  readonly components?: Readonly<Record<string, string>>
}

const FENCE = /^\s*(`{3,}|~{3,})/
const COMPONENT = /^<([A-Z]\w*)\b[^>]*\/>\s*$/

/** The body of a page without what only a site builder understands: imports, components. Fences stay byte for byte, save for values. */
export function plainBody(body: string, { home, values = {}, components = {} }: PlainOptions): string {
  const lines: string[] = []
  let fence: string | undefined
  for (const line of fill(body, values).split(/\r?\n/)) {
    const [, ticks] = FENCE.exec(line) ?? []
    if (fence !== undefined || ticks !== undefined) {
      lines.push(line)
      if (fence === undefined) fence = ticks
      else if (ticks !== undefined && ticks.startsWith(fence) && line.trim() === ticks) fence = undefined
      continue
    }
    if (/^import\s.*\bfrom\s+['"]/.test(line)) continue
    const component = COMPONENT.exec(line)?.[1]
    lines.push(component === undefined ? withLinks(line, home) : components[component] ?? '')
  }
  return `${lines.join('\n').replace(/\n{3,}/g, '\n\n').trim()}\n`
}

/** Pages of the site become their Markdown: `./flannel.mdx#a` → `./flannel.md#a`, `/safety/` → `…/safety.md`. */
function withLinks(line: string, home: string): string {
  // Parts with an odd index are inline code.
  return line.split(/(`[^`]+`)/).map((part, index) => index % 2 === 1 ? part : linksIn(part, home)).join('')
}

function linksIn(text: string, home: string): string {
  return text.replace(/\]\((\/(?!\/)|(?:\.{1,2}\/)+|[\w-])([^):#\s]*)((?:#[^)\s]*)?)\)/g, (whole, start: string, path: string, anchor: string) => {
    if (start !== '/') return /\.mdx$/.test(path) ? `](${start}${path.replace(/x$/, '')}${anchor})` : whole
    if (path !== '' && !path.endsWith('/')) return `](${home}${path}${anchor})`
    return `](${home}${path === '' ? 'index' : path.slice(0, -1)}.md${anchor})`
  })
}
