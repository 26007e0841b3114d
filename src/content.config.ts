import { docsSchema } from '@astrojs/starlight/schema'
import { defineCollection } from 'astro:content'
import { glob } from 'astro/loaders'
import { z } from 'astro/zod'
import { bookFolder } from './site/book-folder.ts'

/** Frontmatter of a runbook beside Starlight's own. The parser in src/runbook checks it; here it only has to pass. */
const runbookKeys = z.object({
  variables: z.record(z.string(), z.unknown()).optional(),
  topology: z.string().optional(),
  cni: z.string().optional(),
  targets: z.array(z.string()).optional(),
  risk: z.string().optional(),
  idempotent: z.boolean().optional(),
  duration: z.string().optional(),
  traffic: z.array(z.string()).optional(),
  downtimeBudget: z.record(z.string(), z.string()).optional(),
  verifiedFor: z.string().optional(),
  versions: z.record(z.string(), z.string()).optional(),
  claims: z.array(z.string()).optional(),
  requires: z.array(z.string()).optional(),
})

/** `runbooks/haproxy/x.mdx` is the page `haproxy/x`; `src/content/docs/safety.mdx` is the page `safety`. */
function generateId({ entry }: { entry: string }): string {
  const path = entry.replace(/\.mdx?$/, '')
  const folder = [bookFolder, 'src/content/docs'].find(prefix => path.startsWith(`${prefix}/`))
  return folder === undefined ? path : path.slice(folder.length + 1)
}

export const collections = {
  docs: defineCollection({
    loader: glob({
      base: '.',
      pattern: ['src/content/docs/**/[^_]*.{md,mdx}', `${bookFolder}/**/[^_]*.mdx`, '!**/_*/**'],
      generateId,
    }),
    schema: docsSchema({ extend: runbookKeys }),
  }),
}
