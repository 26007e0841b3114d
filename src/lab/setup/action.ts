import type { Progress } from '../../report/progress.ts'

/** One thing that set-up does to this machine. */
export interface Action {
  /** For the question: `install docker.io, mmdebstrap`. */
  readonly what: string
  /** What a person would type instead, one shell line each. */
  readonly commands: readonly string[]
  readonly root: boolean
  readonly run: (progress: Progress, signal: AbortSignal | undefined) => Promise<void>
}
