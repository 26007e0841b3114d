/** A lab could not be made, found or changed. The message says what was met and what to try next. */
export class LabError extends Error {
  override readonly name = 'LabError'
  /** Preflight unmet: never a verdict on a runbook. */
  readonly exitCode = 3
}
