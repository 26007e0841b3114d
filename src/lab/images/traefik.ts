/** What Traefik needs beside its own module: a stand-in for its fork of a library, which cannot be had. */
import { existsSync } from 'node:fs'
import { chmod, cp, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { versions } from '../versions.ts'
import { asset } from './assets.ts'
import { download } from './go-build.ts'
import type { Context } from './product.ts'

/**
 * Traefik replaces abbot/go-http-auth by a fork of its own with two functions more. Here: the original, and those two
 * functions (assets/traefik/http-auth.go says what differs).
 */
export async function prepareHttpAuth(folder: string, context: Context): Promise<void> {
  const original = await download(context, 'github.com/abbot/go-http-auth', versions.httpAuth)
  const copy = join(folder, 'http-auth')
  await cp(original, copy, { recursive: true })
  for (const name of ['', ...await readdir(copy)]) await chmod(join(copy, name), name === '' ? 0o755 : 0o644)
  if (!existsSync(join(copy, 'go.mod'))) await writeFile(join(copy, 'go.mod'), 'module github.com/abbot/go-http-auth\n\ngo 1.21\n')
  await writeFile(join(copy, 'proofbook.go'), asset('traefik/http-auth.go'))
}
