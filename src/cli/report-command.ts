/** `proofbook report`: results of many machines as one, and what they tell over time. */
import { readFile } from 'node:fs/promises'
import { CommandFailed, run } from '../lab/images/run.ts'
import { duration } from '../report/duration.ts'
import { mergeFolders } from '../report/merge/folders.ts'
import { readEntries } from '../report/merge/entries.ts'
import { trendsOf, type Trend } from '../report/trends.ts'
import { BadInput } from '../runbook/errors.ts'
import type { MergeFlags, TrendsFlags } from './commands/report.ts'
import { age, columns, print, printJson } from './output.ts'
import { project } from './project.ts'

export async function reportMerge(folders: readonly string[], { output, attested, json }: MergeFlags): Promise<void> {
  const merged = await mergeFolders(folders, output, { now: Date.now(), ...attested === undefined ? {} : { attested: file => notAttested(attested, file) } })
  if (merged.refused.length > 0) process.exitCode = 1
  if (json) return printJson('report merge', { output, ...merged })
  for (const { file, reason } of merged.refused) process.stderr.write(`refused  ${file}: ${reason}\n`)
  print(`${output}: ${merged.results} results, ${merged.entries} entries of history${merged.refused.length === 0 ? '' : `, ${merged.refused.length} refused`}`)
}

/** The file is an argument and never a part of the command's text. */
async function notAttested(command: string, file: string): Promise<string | undefined> {
  try {
    await run(['bash', '-c', `${command} "$1"`, 'bash', file], { timeout: 60_000 })
    return undefined
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    return `it is not attested: ${error.stderr.trim().split('\n').at(-1) || `${command} ended with ${error.exit}`}`
  }
}

export async function reportTrends(ids: readonly string[], { history = project().history, json }: TrendsFlags): Promise<void> {
  const text = await readFile(history, 'utf8').catch(() => {
    throw new BadInput(`${history}: there is no history here; verify writes it, and --history names another file`)
  })
  const { entries, refused } = readEntries(text, Date.now())
  const trends = trendsOf(entries).filter(({ runbook }) => ids.length === 0 || ids.includes(runbook))
  if (json) return printJson('report trends', { trends, refused: refused.map(({ line, reason }) => ({ file: `${history}:${line}`, reason })) })
  for (const { line, reason } of refused) process.stderr.write(`refused  ${history}:${line}: ${reason}\n`)
  print(trends.length === 0 ? `${history} tells nothing of ${ids.join(', ') || 'any runbook'}` : columns([
    ['runbook', 'on', 'runs', 'verified', 'flaky', 'failed', 'no verdict', 'median', 'last', 'trend', 'downtime', 'verified last'],
    ...trends.map(rowOf),
  ]))
}

function rowOf({ runbook, target, cni, runs, verified, flaky, failed, without, medianMs, lastMs, slower, downtimeMs, lastVerified }: Trend): string[] {
  const time = (ms: number | undefined): string => ms === undefined ? '' : duration(ms)
  return [
    runbook, `${target} ${cni}`, String(runs), String(verified), String(flaky), String(failed), String(without), time(medianMs), time(lastMs),
    slower === undefined ? '' : `${slower >= 1 ? '+' : ''}${Math.round((slower - 1) * 100)} %`,
    downtimeMs === undefined ? '' : `${time(downtimeMs.last)}, worst ${time(downtimeMs.worst)}`,
    lastVerified === undefined ? 'never' : `${age(lastVerified.finishedAt)} ago`,
  ]
}
