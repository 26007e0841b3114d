/** Something the reader gave cannot be used; nothing was started. The CLI prints the message and exits with 2. */
export class BadInput extends Error {
  readonly exitCode = 2
  override readonly name: string = 'BadInput'
}

/** No runbook of that id; `nearest` are the ids that may have been meant. */
export class UnknownRunbook extends BadInput {
  override readonly name = 'UnknownRunbook'
  readonly nearest: readonly string[]
  constructor(message: string, nearest: readonly string[]) {
    super(message)
    this.nearest = nearest
  }
}
