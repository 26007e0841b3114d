/** What doctor finds, and the error that unmet needs end in. */

/**
 * `ok`: as it should be. `adapted`: not so, and the lab copes; `detail` says how. `missing`: a lab cannot work; `fix`
 * says what to do. `warn`: it may go wrong, or slowly.
 */
export interface Finding {
  readonly name: string
  readonly state: 'ok' | 'adapted' | 'missing' | 'warn'
  readonly detail: string
  /** A command, or a sentence where no command can do it. */
  readonly fix?: string
}

/** The machine lacks something that a lab needs. */
export class PreflightError extends Error {
  override readonly name = 'PreflightError'
  readonly exitCode = 3
  readonly findings: readonly Finding[]
  constructor(message: string, findings: readonly Finding[]) {
    super(message)
    this.findings = findings
  }
}
