/** Images or programs of a lab could not be had. The message says which, why, and what to try next. */
export class ImageError extends Error {
  override readonly name = 'ImageError'
  /** Preflight unmet: never a verdict on a runbook. */
  readonly exitCode = 3
}
