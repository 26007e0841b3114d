/**
 * What an extracted script imports as `proofbook/runtime`.
 *
 * start(script: Script, importMeta: ImportMeta): Promise<void>
 */
import { realpathSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Script } from './api.ts'
import { SESSION } from './session.ts'

export type { Book, BlockOptions, Script, ScriptMeta } from './api.ts'

/**
 * The last line of every script. Loaded by the CLI it does nothing, the CLI takes the module's default export. Started
 * by `npx zx FILE.mjs` or `node FILE.mjs` it hands the file to `proofbook run`, with the rest of the arguments.
 */
export async function start(_script: Script, importMeta: { readonly url: string }): Promise<void> {
  if (Reflect.has(globalThis, SESSION)) return
  const file = fileURLToPath(importMeta.url)
  // As `.ts` from a checkout, as `.js` once compiled.
  const cli = fileURLToPath(new URL(`../cli/main${extname(import.meta.url)}`, import.meta.url))
  // Imported here: the CLI loads this module for every script, and starts none.
  const { $ } = await import('zx/core')
  const run = $({ stdio: 'inherit', nothrow: true, quiet: true, verbose: false, detached: false, timeout: 0 })
  // Ctrl-C reaches the child too; this process only waits for it to clean up.
  const wait = () => {}
  process.on('SIGINT', wait).on('SIGTERM', wait)
  const { exitCode } = await run`${process.execPath} ${cli} run ${file} ${argumentsAfter(file, process.argv)}`
  process.off('SIGINT', wait).off('SIGTERM', wait)
  process.exitCode = exitCode ?? 130
}

/** What follows the script's own file: argv is `node FILE ...` or `node zx [options] FILE ...`. */
export function argumentsAfter(file: string, argv: readonly string[]): string[] {
  const index = argv.findIndex((arg) => basename(arg) === basename(file) && samePath(arg, file))
  return argv.slice(index < 0 ? 2 : index + 1)
}

function samePath(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b)
  } catch {
    return false
  }
}
