import type { MatrixPlan } from '../plan.ts'

export interface EngineOptions {
  /** Of an engine that starts containers: Debian with Node; it runs privileged, and set-up brings Docker into it. */
  readonly image: string
  /** Where a shard gets the book from. */
  readonly repository: string
  /** Branch, tag or commit. */
  readonly revision: string
}

/** Something that runs shards on many machines. One file each. */
export interface Engine {
  readonly name: string
  /** What it writes, for the help text. */
  readonly what: string
  /** How many jobs one matrix of it may have; undefined where it says no number. */
  readonly most?: number
  readonly write: (plan: MatrixPlan, options: EngineOptions) => string
}

/** Minutes after which a shard is ended: twice what is expected, and what a cold machine needs to build the images. */
export const timeoutMinutes = ({ makespanMs }: MatrixPlan): number => Math.ceil(2 * makespanMs / 60_000) + 45
