/**
 * Merges folders of results, each as `.proofbook` is: `results/*.json` and `history.jsonl`, or results alone. What the output
 * holds already is merged too, so that nothing in it is ever lost. What is refused stays where it is and is told.
 */
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { BadInput } from '../../runbook/errors.ts'
import type { Refusal } from '../admit.ts'
import type { HistoryEntry } from '../history.ts'
import { readFolders, writeResult, writeText } from '../store.ts'
import { entriesText, mergeEntries, readEntries } from './entries.ts'
import { mergeResults, type Named } from './results.ts'

export interface MergeOptions {
  /** Milliseconds since 1970. */
  readonly now: number
  /** What else must hold of each file of an input, an attestation say: why it does not. */
  readonly attested?: (file: string) => Promise<string | undefined>
}

export interface Merged {
  readonly results: number
  readonly entries: number
  readonly refused: readonly Refusal[]
}

/** @throws BadInput for an input that is no folder */
export async function mergeFolders(inputs: readonly string[], output: string, { now, attested }: MergeOptions): Promise<Merged> {
  for (const input of inputs) await refuseNoFolder(input)
  const refused: Refusal[] = []
  const named: Named[] = []
  const histories: (readonly HistoryEntry[])[] = []
  for (const folder of [...inputs, output]) {
    // What was merged before was attested before.
    const asked = folder === output ? undefined : attested
    const own = await resultsOf(folder, { now, ...asked && { attested: asked } })
    named.push(...own.named)
    refused.push(...own.refused)
    const history = join(folder, 'history.jsonl')
    const doubt = existsSync(history) ? await asked?.(history) : undefined
    if (doubt !== undefined) {
      refused.push({ file: history, reason: doubt })
      continue
    }
    const read = readEntries(await readFile(history, 'utf8').catch(() => ''), now)
    histories.push(read.entries)
    refused.push(...read.refused.map(({ line, reason }) => ({ file: `${history}:${line}`, reason })))
    if (folder === output && read.refused.length > 0) await keepRefused(output, read.refused.map(({ text }) => text))
  }
  const results = mergeResults(named)
  const entries = mergeEntries(histories)
  for (const { name, result } of results) await writeResult(join(output, 'results', name), result)
  await writeText(join(output, 'history.jsonl'), entriesText(entries))
  return { results: results.length, entries: entries.length, refused }
}

async function resultsOf(folder: string, { now, attested }: MergeOptions): Promise<{ named: Named[], refused: Refusal[] }> {
  const inner = join(folder, 'results')
  const at = existsSync(inner) ? inner : folder
  const { files, refused } = await readFolders([at], now)
  const named: Named[] = []
  const doubted: Refusal[] = [...refused]
  for (const { file, result } of files) {
    const reason = await attested?.(file)
    if (reason === undefined) named.push({ name: basename(file), result })
    else doubted.push({ file, reason })
  }
  return { named, refused: doubted }
}

/** The output's file is written anew: what may not count in it is kept beside it. */
async function keepRefused(output: string, lines: readonly string[]): Promise<void> {
  const file = join(output, 'history.refused.jsonl')
  const before = (await readFile(file, 'utf8').catch(() => '')).split('\n')
  await writeText(file, `${[...new Set([...before, ...lines])].filter(line => line !== '').join('\n')}\n`)
}

async function refuseNoFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isDirectory()) throw new BadInput(`received ${path}, expected a folder with results, as .proofbook is`)
}
