/** A page's mutants: the patches that are kept for it, and which of them were seen to be caught, as page and patch are now. */
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { readMutants, sha256, type CaughtMutant } from '../../report/mutants.ts'
import type { Runbook } from '../../runbook/model.ts'
import { linesOf } from './line-files.ts'

export interface Mutants {
  readonly kept: number
  readonly caught: number
  /** When the newest of them was caught. */
  readonly provenAt?: string
}

export const allCaught = (): Promise<CaughtMutant[]> => linesOf('mutants.jsonl', 'PROOFBOOK_CAUGHT', readMutants)

interface Patch {
  readonly runbook: string
  readonly mutant: string
  readonly sha256: string
}

/** Every patch that is kept, by the page that it changes. */
export function keptPatches(folder: string = process.env.PROOFBOOK_MUTANTS ?? 'test/fixtures/mutants'): Patch[] {
  return globSync('**/*.patch', { cwd: folder }).sort().flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8')
    const runbook = /^\+\+\+ b\/runbooks\/(\S+)\.mdx/m.exec(text)?.[1]
    return runbook === undefined ? [] : [{ runbook, mutant: basename(file, '.patch'), sha256: sha256(text) }]
  })
}

export function mutantsOf({ id, sha256: page }: Pick<Runbook, 'id' | 'sha256'>, kept: readonly Patch[], caught: readonly CaughtMutant[]): Mutants {
  const own = kept.filter(({ runbook }) => runbook === id)
  const proven = own.flatMap(({ mutant, sha256: patch }) =>
    caught.findLast(one => one.runbook === id && one.mutant === mutant && one.patch === patch && one.page === page) ?? [])
  const newest = proven.map(({ finishedAt }) => finishedAt).sort().at(-1)
  return { kept: own.length, caught: proven.length, ...newest === undefined ? {} : { provenAt: newest } }
}
