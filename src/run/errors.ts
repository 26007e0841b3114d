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
  readonly exitCode = 3
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

  constructor(before: string) {
    super(`stopped before ${before}`)
    this.before = before
  }
}
