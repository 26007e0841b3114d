/**
 * loadScript(file: string): Promise<Script>
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { registerHooks } from 'node:module'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BadInput } from '../runbook/errors.ts'
import type { Script } from './api.ts'
import { SESSION } from './session.ts'

/** The file is no script that Proofbook extracted, or it cannot be read. */
export class NotAScript extends BadInput {
  override readonly name = 'NotAScript'
}

let prepared = false

/** `proofbook/runtime` is ours wherever a script lies, so that a script in /tmp needs no node_modules of its own. */
function prepare(): void {
  if (prepared) return
  prepared = true
  Reflect.set(globalThis, SESSION, {})
  const runtime = new URL(`./runtime${extname(import.meta.url)}`, import.meta.url).href
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'proofbook/runtime' ? { url: runtime, shortCircuit: true } : next(specifier, context),
  })
}

/** Imports an extracted script without starting it. @throws NotAScript */
export async function loadScript(file: string): Promise<Script> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch (error) {
    throw new NotAScript(`cannot read ${file}: ${(error as Error).message}`, { cause: error })
  }
  prepare()
  const url = pathToFileURL(resolve(file))
  // A file that was written anew is another module.
  url.searchParams.set('sha256', createHash('sha256').update(bytes).digest('hex').slice(0, 16))
  let loaded: { default?: unknown }
  try {
    loaded = await import(/* @vite-ignore */ url.href) as { default?: unknown }
  } catch (error) {
    throw new NotAScript(`${file} cannot be loaded: ${(error as Error).message}`, { cause: error })
  }
  const script = loaded.default as Partial<Script> | undefined
  if (typeof script?.main !== 'function' || typeof script.meta?.id !== 'string') {
    throw new NotAScript(`${file} is not a script that proofbook extracted: it exports no { meta, main }. `
      + 'Make one: proofbook extract ID')
  }
  return script as Script
}
