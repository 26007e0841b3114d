/** One output of a session: what steps print, and between two steps a line of the driver. */
import { MARK } from './limits.ts'

/** What the driver tells of a step that ended. */
export interface Mark {
  readonly step: number
  readonly exit: number
  /** The time limit ended it. */
  readonly late: boolean
}

/** Takes the driver's lines out of a stream of bytes, however it is cut. */
export class MarkedStream {
  readonly #start: Buffer
  readonly #onBytes: (bytes: Buffer) => void
  readonly #onMark: (mark: Mark) => void
  #held: Buffer = Buffer.alloc(0)

  /** @param secret stands in each of the driver's lines and in nothing that a step can know */
  constructor(secret: string, onBytes: (bytes: Buffer) => void, onMark: (mark: Mark) => void) {
    this.#start = Buffer.from(`${MARK}${secret} `)
    this.#onBytes = onBytes
    this.#onMark = onMark
  }

  push(chunk: Buffer): void {
    let bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    for (;;) {
      const at = bytes.indexOf(this.#start)
      const end = at < 0 ? -1 : bytes.indexOf('\n', at)
      if (end < 0) {
        const keep = at < 0 ? beginning(bytes, this.#start) : at
        if (keep > 0) this.#onBytes(bytes.subarray(0, keep))
        this.#held = Buffer.from(bytes.subarray(keep))
        return
      }
      if (at > 0) this.#onBytes(bytes.subarray(0, at))
      const [step, exit, late] = bytes.toString('latin1', at + this.#start.length, end).split(' ').map(Number)
      this.#onMark({ step: step!, exit: exit!, late: late === 1 })
      bytes = bytes.subarray(end + 1)
    }
  }

  /** The stream has ended: what looked like the beginning of a line of the driver was none. */
  end(): void {
    if (this.#held.length > 0) this.#onBytes(this.#held)
    this.#held = Buffer.alloc(0)
  }
}

/** Where `start` may begin at the end of `bytes`; their length when it does not. */
function beginning(bytes: Buffer, start: Buffer): number {
  for (let at = bytes.indexOf(start[0]!, Math.max(0, bytes.length - start.length)); at >= 0; at = bytes.indexOf(start[0]!, at + 1)) {
    if (start.subarray(0, bytes.length - at).equals(bytes.subarray(at))) return at
  }
  return bytes.length
}
