/** Where the result of a run goes, and what it means for the exit code. */
import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { html } from '../report/html.ts'
import { junit } from '../report/junit.ts'
import type { Result } from '../report/result.ts'
import { isVerdict } from '../report/stand-in.ts'
import { resultName, writeResult, writeText } from '../report/store.ts'
import type { RunFolder } from '../run/folder.ts'

export interface Destinations {
  readonly results: string
  readonly recorded?: string
  readonly junit?: string
  /** Part of the result's name where one page has several results on one target: the CNI that was asked for. */
  readonly variant?: string
}

/** Writes the result where it belongs and returns the paths, by what they are. */
export async function fileResult(result: Result, folder: RunFolder, { results, recorded, junit: xml, variant }: Destinations): Promise<Record<string, string>> {
  const written: Record<string, string> = {}
  const name = resultName(result, variant)
  const local = join(results, name)
  // What says nothing about the page must not replace what does.
  if (isVerdict(result) || !existsSync(local)) {
    await writeResult(local, result)
    written.result = shown(local)
  }
  if (recorded !== undefined && isVerdict(result)) {
    const file = join(recorded, name)
    await writeResult(file, result)
    written.recorded = shown(file)
  }
  if (xml !== undefined) {
    await writeText(xml, junit(result))
    written.junit = shown(xml)
  }
  await writeText(folder.report, html(result))
  written.report = shown(folder.report)
  return written
}

/** A result that is now known to be another one: in every file that holds it. */
export async function refile({ result, files }: { readonly result: Result, readonly files: Readonly<Record<string, string>> }, { junit: xml }: Destinations): Promise<void> {
  for (const file of [files.result, files.recorded]) if (file !== undefined) await writeResult(file, result)
  if (xml !== undefined) await writeText(xml, junit(result))
  if (files.report !== undefined) await writeText(files.report, html(result))
}

/** @param part only a part of the page was asked for, so that no verdict is no failure */
export function exitCodeFor({ verdict, reason }: Result, part: boolean): number {
  switch (verdict) {
    case 'verified':
    case 'flaky':
    case 'stand-in':
      return 0
    case 'failed':
      return 1
    case 'infrastructure-error':
      return reason === 'interrupted' ? 130 : 4
    case 'not-run':
      return part ? 0 : 3
  }
}

const shown = (file: string): string => {
  const path = relative(process.cwd(), file)
  return path.startsWith('..') ? file : path
}
