/**
 * Results that `verify` wrote: fresh ones in .proofbook/results, committed ones in src/content/results.
 * PROOFBOOK_RESULTS names other folders (separated as in PATH); tests use it.
 */
import { delimiter } from 'node:path'
import { readFolders, type ReadResults } from '../../report/store.ts'

/** Milliseconds for which one reading serves: a page asks once per block, and `verify` may write while you look. A build reads once. */
const KEEP = process.env.NODE_ENV === 'production' ? Number.POSITIVE_INFINITY : 1000

let known: { readonly at: number, readonly results: Promise<ReadResults> } | undefined

/** What may count, and what was refused. */
export function allResults(): Promise<ReadResults> {
  if (known === undefined || Date.now() - known.at > KEEP) {
    const folders = process.env.PROOFBOOK_RESULTS?.split(delimiter) ?? ['.proofbook/results', 'src/content/results']
    known = { at: Date.now(), results: readFolders(folders) }
  }
  return known.results
}
