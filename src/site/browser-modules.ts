import { fileURLToPath } from 'node:url'

const own = (file: string): string => fileURLToPath(new URL(`./client/${file}`, import.meta.url))

/** Modules that the browser gets in place of others; only the module that stands in may import the one that it stands for. */
const standIns: readonly { readonly source: RegExp, readonly file: string }[] = [
  // The rules of values run in the browser too, where this is missing.
  { source: /^node:net$/, file: own('net.ts') },
  // Starlight fetches the panel of its search on every visit.
  { source: /^@pagefind\/default-ui$/, file: own('search.ts') },
  // Starlight's rail asks `:has()` of every element of the page, twice.
  { source: /\/TableOfContents\/starlight-toc$/, file: own('rail.ts') },
]

/** Vite plugin. */
export const browserModules = {
  name: 'proofbook-browser-modules',
  enforce: 'pre' as const,
  resolveId(this: { environment?: { name: string } }, source: string, importer: string | undefined): string | undefined {
    if (this.environment?.name !== 'client') return undefined
    const file = standIns.find(each => each.source.test(source))?.file
    return file === importer?.split('?')[0] ? undefined : file
  },
}
