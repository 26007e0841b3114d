/** Pages of the site as files that a browser opens from a disk: links between files, and no module, which it would not load. */
import { posix } from 'node:path'

const TAG = /<(a|link|img|script|source)\b((?:[^>"']|"[^"]*"|'[^']*')*)>/g
const ADDRESS = /(\s(?:href|src)=")([^"]*)(")/

export interface Place {
  /** Of the file in the site: `haproxy/operate/index.html`. */
  readonly path: string
  /** From which the site is served: `/` or `/book/`. */
  readonly base: string
}

/** An address as a page of the site has it, as a file beside that page; one of another host, or of a part of the page, as it is. */
export function fileAddress(address: string, { path, base }: Place): string {
  if (address === '' || /^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i.test(address)) return address
  const [, target = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(address)!
  const folder = posix.dirname(path)
  const absolute = target.startsWith(base) ? target.slice(base.length) : `${target}/` === base ? '' : target.startsWith('/') ? target.slice(1) : posix.join(folder, target)
  const file = absolute === '' || absolute === './' || absolute.endsWith('/') ? posix.join(absolute, 'index.html') : absolute
  return posix.relative(folder, file) + rest
}

/** @param script of all that the site's modules do, at the root of the archive */
export function filePage(html: string, place: Place, script: string): string {
  const own = `<script defer src="${fileAddress(`${place.base}${script}`, place)}"></script>`
  return html
    // It asks for an index piece by piece, which files do not answer.
    .replace(/<site-search\b[\s\S]*?<\/site-search>/, '')
    .replace(/<script type="module" src="[^"]*"><\/script>/g, '')
    .replace('</head>', `${own}</head>`)
    // The archive is not in itself.
    .replace(/<a\b[^>]*\shref="[^"]*\/proofbook-offline\.zip"[^>]*>(.*?)<\/a>/g, '$1')
    .replace(TAG, (tag, name: string, attributes: string) => tag.endsWith('</script>') || attributes.includes('rel="canonical"') ? tag
      : `<${name}${attributes.replace(ADDRESS, (_, before: string, address: string, after: string) => before + fileAddress(address, place) + after)}>`)
}

/** Fonts beside their style sheet. */
export const fileStyle = (css: string, place: Place): string => css.replace(/url\((\/[^)"']+)\)/g, (_, address: string) => `url(${fileAddress(address, place)})`)
