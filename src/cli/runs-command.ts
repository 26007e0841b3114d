/** `proofbook runs`: what the journals of this user say. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { duration } from '../report/duration.ts'
import { html } from '../report/html.ts'
import { junit } from '../report/junit.ts'
import { readResult, writeText } from '../report/store.ts'
import { BadInput } from '../runbook/errors.ts'
import { stateRoot } from '../run/folder.ts'
import { facts, factsDiffer } from '../run/journal/facts.ts'
import { atWork } from '../run/lock.ts'
import { findRun, readRun, runIds, type EarlierRun } from '../run/runs.ts'
import type { ExportFlags } from './commands/runs.ts'
import { columns, print, printJson } from './output.ts'
import { endText } from './standing-text.ts'

interface Flags {
  readonly json?: boolean
}

export function listRuns({ json }: Flags): void {
  const root = stateRoot()
  const rows = runIds(root).toReversed().map(id => rowOf(root, id))
  if (json) return printJson('runs list', { runs: rows })
  print(rows.length === 0 ? `no runs in ${join(root, 'runs')}` : columns(rows.map(({ run, runbook, target, end }) => [run, runbook, target, end])))
}

/** A journal that cannot be read is told as such, and does not hide the others. */
function rowOf(root: string, id: string): { run: string, runbook: string, target: string, end: string } {
  try {
    const run = readRun(root, id)
    return { run: id, runbook: run.begin.runbook, target: run.begin.target, end: endText(run, atWork(root, id)) }
  } catch (error) {
    if (!(error instanceof BadInput)) throw error
    return { run: id, runbook: '', target: '', end: error.message }
  }
}

export function showRun(name: string, { json }: Flags): void {
  const run = findRun(stateRoot(), name)
  const { folder, begin, journal } = run
  const end = endText(run, atWork(stateRoot(), folder.id))
  const known = facts(run)
  if (json) return printJson('runs show', { run: folder.id, ...begin, end, torn: journal.torn, blocks: known, folder: folder.path })
  print(`${folder.id}  ${begin.runbook} on ${begin.summary}\nbegan   ${journal.lines[0]?.at}\nend     ${end}\n`
    + `values  ${Object.entries(begin.values).map(([key, value]) => `${key}=${value}`).join(' ') || 'none'}\nfolder  ${folder.path}\n`)
  print(columns(known.map(({ state, kind, name: block, host, durationMs, note = '' }) =>
    [state, `${kind} ${block}`, host, durationMs === undefined ? '' : duration(durationMs), note])))
}

export function diffRuns(one: string, other: string, { json }: Flags): void {
  const [a, b] = [one, other].map(name => findRun(stateRoot(), name)) as [EarlierRun, EarlierRun]
  const lines = factsDiffer(a, b)
  if (lines.length > 0) process.exitCode = 1
  if (json) return printJson('runs diff', { runs: [a.folder.id, b.folder.id], lines })
  print(lines.length === 0 ? `${a.folder.id} and ${b.folder.id} did the same` : `- ${a.folder.id}\n+ ${b.folder.id}\n${lines.join('\n')}`)
}

export async function exportRun(name: string, { format, output }: ExportFlags): Promise<void> {
  const run = findRun(stateRoot(), name)
  const text = format === 'json' ? `${JSON.stringify(documentOf(run), undefined, 2)}\n` : await reportOf(run, format)
  if (output === undefined) return print(text)
  await writeText(output, text)
  print(output)
}

function documentOf({ folder, journal, begin }: EarlierRun): object {
  const events = journal.lines.map(line => line.event === 'end' && line.transcript !== undefined
    ? { ...line, transcript: readFileSync(join(folder.path, line.transcript), 'utf8') } : line)
  return { schema: 1, command: 'runs export', run: folder.id, runbook: begin.runbook, sha256: begin.sha256, script: readFileSync(folder.script, 'utf8'), events }
}

async function reportOf({ folder }: EarlierRun, format: 'html' | 'junit'): Promise<string> {
  const result = await readResult(folder.result).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    throw new BadInput(`run ${folder.id} has no result, since it did not come to its end: go on with it (proofbook run --resume ${folder.id}), or export its events with --format json`)
  })
  return format === 'html' ? html(result) : junit(result)
}
