/**
 * The small sources that are baked into images live as real files in `src/lab/assets`, in the package too:
 * this module sits two folders below the package's root both as source and compiled.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = new URL('../../../src/lab/assets/', import.meta.url)

/** Path of one asset, e.g. `echo/main.go`. */
export const assetPath = (name: string): string => fileURLToPath(new URL(name, folder))

/** Text of one asset. */
export const asset = (name: string): string => readFileSync(assetPath(name), 'utf8')
