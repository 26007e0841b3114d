/** Collects what a script prints: both streams apart, and together in the order in which they came. */

/** Of each stream this many characters are kept: a runaway script must not take the machine's memory. */
const KEPT = 16 * 1024 * 1024

export class Transcript {
  stdout = ''
  stderr = ''
  output = ''
  readonly #onOutput: ((chunk: string) => void) | undefined

  constructor(onOutput?: (chunk: string) => void) {
    this.#onOutput = onOutput
  }

  out(chunk: string): void {
    this.stdout = kept(this.stdout, chunk)
    this.#both(chunk)
  }

  err(chunk: string): void {
    this.stderr = kept(this.stderr, chunk)
    this.#both(chunk)
  }

  #both(chunk: string): void {
    if (chunk === '') return
    this.output = kept(this.output, chunk)
    this.#onOutput?.(chunk)
  }
}

function kept(text: string, chunk: string): string {
  if (text.length > KEPT) return text
  const whole = text + chunk
  return whole.length <= KEPT ? whole : `${whole.slice(0, KEPT)}\n[proofbook: more than ${KEPT} characters, the rest is not kept]\n`
}
