/** Collects what a script prints: both streams apart, and together in the order in which they came. */

/** Of each stream this many characters of its beginning and of its end are kept: the machine's memory is not the host's. */
const HEAD = 4 * 1024 * 1024
const TAIL = 1024 * 1024

export class Transcript {
  readonly #stdout = new Ends()
  readonly #stderr = new Ends()
  readonly #output = new Ends()
  readonly #onOutput: ((chunk: string) => void) | undefined

  constructor(onOutput?: (chunk: string) => void) {
    this.#onOutput = onOutput
  }

  get stdout(): string { return this.#stdout.text }

  get stderr(): string { return this.#stderr.text }

  get output(): string { return this.#output.text }

  out(chunk: string): void {
    this.#stdout.add(chunk)
    this.#both(chunk)
  }

  err(chunk: string): void {
    this.#stderr.add(chunk)
    this.#both(chunk)
  }

  #both(chunk: string): void {
    if (chunk === '') return
    this.#output.add(chunk)
    this.#onOutput?.(chunk)
  }
}

/** The two ends of a text of any length. */
class Ends {
  #head = ''
  #tail: string[] = []
  #inTail = 0
  #length = 0

  add(chunk: string): void {
    this.#length += chunk.length
    const room = HEAD - this.#head.length
    if (room > 0) this.#head += chunk.slice(0, room)
    if (chunk.length <= room) return
    this.#tail.push(chunk.slice(room > 0 ? room : 0))
    this.#inTail += this.#tail.at(-1)!.length
    while (this.#inTail - this.#tail[0]!.length >= TAIL) this.#inTail -= this.#tail.shift()!.length
  }

  get text(): string {
    const left = this.#length - this.#head.length - this.#inTail
    const note = left > 0 ? `\n[proofbook: ${left} characters left out]\n` : ''
    return this.#head + note + this.#tail.join('')
  }
}
