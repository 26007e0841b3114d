/**
 * Writes src/content/history.jsonl: a line for each result that was ever committed to src/content/results, so that the
 * site knows the past of a page also where no night has kept a history. Run it after `verify --record`; what is in the
 * file already stays.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { historyEntry, type HistoryEntry } from '../../src/report/history.ts'
import { entriesText, mergeEntries, readEntries } from '../../src/report/merge/entries.ts'
import type { Result } from '../../src/report/result.ts'
import { writeText } from '../../src/report/store.ts'

const FOLDER = 'src/content/results'
const FILE = 'src/content/history.jsonl'

const git = (...args: readonly string[]): string => execFileSync('git', args, { encoding: 'utf8', maxBuffer: 1 << 28 })

const committed: HistoryEntry[] = []
for (const commit of git('log', '--format=%H', '--', FOLDER).trim().split('\n')) {
  for (const path of git('diff-tree', '--root', '--no-commit-id', '--name-only', '--diff-filter=AM', '-r', commit, '--', FOLDER).trim().split('\n')) {
    if (path.endsWith('.json')) committed.push(historyEntry(JSON.parse(git('show', `${commit}:${path}`)) as Result))
  }
}

let known = ''
try {
  known = readFileSync(FILE, 'utf8')
} catch { /* the first time */ }
const { entries, refused } = readEntries(known, Date.now())
const told = new Set(entries.map(({ result }) => result))
for (const { line, reason } of refused) console.error(`${FILE}:${line}: ${reason}; left out`)
const all = mergeEntries([entries, committed.filter(({ result }) => !told.has(result))])
await writeText(FILE, entriesText(all))
console.error(`${FILE}: ${all.length} verdicts, ${all.length - entries.length} of them new`)
