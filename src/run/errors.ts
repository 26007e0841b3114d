import type { Failure } from '../report/result.ts'

/** A block did not end as it must: a verdict on the page. */
export class BlockFailed extends Error {
  override readonly name = 'BlockFailed'
  readonly failure: Failure

  constructor(failure: Failure) {
    super(`${failure.kind} ${failure.name} on ${failure.host}: ${failure.message}`)
    this.failure = failure
  }
}

/** A host could not be reached or a lab broke: says nothing about the page. */
export class InfrastructureError extends Error {
  override readonly name = 'InfrastructureError'
  readonly exitCode = 4
}

/** Ctrl-C or SIGTERM. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly exitCode = 130

  constructor() {
    super('interrupted')
  }
}

/** The reader chose to stop between two blocks. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
  readonly before: string

  constructor(before: string, why?: string) {
    super(`stopped before ${before}${why === undefined ? '' : `: ${why}`}`)
    this.before = before
  }
}

/** What happens can no longer be written down, so nothing more may happen. */
export class JournalFailed extends Error {
  override readonly name = 'JournalFailed'
  readonly exitCode = 3

  /** @param unrecorded what is not in the journal because of it */
  constructor(path: string, cause: Error, unrecorded?: string) {
    super(`the journal cannot be written: ${cause.message} (${path})\n`
      + `${unrecorded === undefined ? '' : `${unrecorded}\n`}Nothing was started after that. Make room, then go on with --resume`, { cause })
  }
}

/** A step may or may not have been done, and nobody was there to say. */
export class Undecided extends Error {
  override readonly name = 'Undecided'
  readonly exitCode = 3
  readonly step: string

  constructor(step: string, message: string) {
    super(message)
    this.step = step
  }
}
