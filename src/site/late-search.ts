import { fileURLToPath } from 'node:url'

const late = fileURLToPath(new URL('./client/late-search.ts', import.meta.url))

/** Vite plugin: Starlight's search gets its panel of Pagefind from a module that fetches it once somebody wants to search. */
export const lateSearch = {
  name: 'proofbook-late-search',
  enforce: 'pre' as const,
  resolveId(this: { environment?: { name: string } }, source: string, importer: string | undefined): string | undefined {
    return source === '@pagefind/default-ui' && importer?.split('?')[0] !== late && this.environment?.name === 'client' ? late : undefined
  },
}
