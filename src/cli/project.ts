/** Where a project keeps what Proofbook writes, below the folder in which it was started. */
import { join, resolve } from 'node:path'

export interface Project {
  /** `.proofbook`: git-ignored. */
  readonly root: string
  /** Results of this machine. */
  readonly results: string
  /** Results that are committed, `verify --record`. */
  readonly recorded: string
  /** Every verdict of this machine, a line each. */
  readonly history: string
}

export function project(cwd: string = process.cwd()): Project {
  const root = resolve(cwd, '.proofbook')
  return { root, results: join(root, 'results'), recorded: resolve(cwd, 'src/content/results'), history: join(root, 'history.jsonl') }
}
