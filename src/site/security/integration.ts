/** Astro integration: each built page gets its Content-Security-Policy. Last to touch a page, since a policy holds hashes of it. */
import { readFile, writeFile } from 'node:fs/promises'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'
import { withPolicy } from './policy.ts'

export const contentSecurityPolicy: AstroIntegration = {
  name: 'proofbook-content-security-policy',
  hooks: {
    'astro:build:done': async ({ dir }) => {
      const folder = fileURLToPath(dir)
      await Promise.all(globSync('**/*.html', { cwd: folder }).map(async (page) => {
        const file = join(folder, page)
        await writeFile(file, withPolicy(await readFile(file, 'utf8')))
      }))
    },
  },
}
