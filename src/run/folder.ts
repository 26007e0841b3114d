/** A run's folder, `.proofbook/runs/<stamp>-<id>/`: the script, the journal, transcripts and the result. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface RunFolder {
  readonly path: string
  /** The module that is executed. */
  readonly script: string
  readonly journal: string
  readonly result: string
  readonly report: string
  readonly transcripts: string
}

/**
 * Makes a new folder that no other run has, with the script in it.
 * @param root the project's `.proofbook`
 */
export function createRunFolder(root: string, id: string, module: string, now: Date = new Date()): RunFolder {
  const runs = join(root, 'runs')
  mkdirSync(runs, { recursive: true })
  const name = `${stamp(now)}-${id.replaceAll('/', '-')}`
  const path = firstFree(join(runs, name))
  const folder = {
    path,
    script: join(path, 'runbook.mjs'),
    journal: join(path, 'journal.jsonl'),
    result: join(path, 'result.json'),
    report: join(path, 'index.html'),
    transcripts: join(path, 'transcripts'),
  }
  mkdirSync(folder.transcripts)
  writeFileSync(folder.script, module)
  return folder
}

/** UTC, to the second: `20261121-093112`. */
export function stamp(now: Date): string {
  return now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')
}

/** Two runs may begin in the same second: the one whose mkdir succeeds has the name. */
function firstFree(wanted: string): string {
  for (let n = 1; ; n++) {
    const path = n === 1 ? wanted : `${wanted}-${n}`
    try {
      mkdirSync(path)
      return path
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}
