/**
 * A run's folder, `runs/<stamp>-<id>/`: the script, the journal, transcripts and the result. Those of `verify` belong
 * to the project (`.proofbook`), those of `run` to the user, for they tell what was done to machines.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, isAbsolute, join } from 'node:path'

/** Mode of folders: transcripts may hold what only their owner should read. */
const PRIVATE = 0o700

export interface RunFolder {
  /** Name of the folder, by which a reader names the run. */
  readonly id: string
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
 * @param root the project's `.proofbook`, or the user's state folder
 */
export function createRunFolder(root: string, id: string, module: string, now: Date = new Date()): RunFolder {
  const runs = join(root, 'runs')
  mkdirSync(runs, { recursive: true, mode: PRIVATE })
  const name = `${stamp(now)}-${id.replaceAll('/', '-')}`
  const path = firstFree(join(runs, name))
  const folder = runFolder(path)
  mkdirSync(folder.transcripts, { mode: PRIVATE })
  writeFileSync(folder.script, module)
  return folder
}

/** The parts of a run's folder; looks at nothing. */
export function runFolder(path: string): RunFolder {
  return {
    id: basename(path),
    path,
    script: join(path, 'runbook.mjs'),
    journal: join(path, 'journal.jsonl'),
    result: join(path, 'result.json'),
    report: join(path, 'index.html'),
    transcripts: join(path, 'transcripts'),
  }
}

/** `$XDG_STATE_HOME/proofbook`; a relative value counts as none (XDG Base Directory Specification 0.8). */
export function stateRoot(env: NodeJS.ProcessEnv = process.env): string {
  const given = env.XDG_STATE_HOME
  return join(given !== undefined && isAbsolute(given) ? given : join(homedir(), '.local/state'), 'proofbook')
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
      mkdirSync(path, { mode: PRIVATE })
      return path
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}
