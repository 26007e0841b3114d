/** What a step prints, as a terminal can take it: whole lines, the two ends of a flood, nothing that moves the cursor. */

/** Lines shown as they come, and kept for the end. */
const HEAD = 200
const TAIL = 20

/** Characters of a line. */
const WIDTH = 2_000

/** Colours (SGR, ECMA-48 8.3.117) may stay; any other sequence that a program writes to a terminal must not. */
// oxlint-disable-next-line no-control-regex
const SEQUENCE = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[PX^_][^\u001B]*(?:\u001B\\)?|[ -/]*[0-~])/g
// oxlint-disable-next-line no-control-regex
const COLOUR = /^\u001B\[[0-9;]*m$/
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000B-\u001A\u001C-\u001F\u007F-\u009F]|\u001B(?!\[[0-9;]*m)/g

/** One line as it may be shown; of a line that was written over with carriage returns, what stood there last. */
export function shownLine(line: string): string {
  const text = line.replace(/\r+$/, '')
  const last = text.slice(text.lastIndexOf('\r') + 1)
  const cut = last.length > WIDTH ? `${last.slice(0, WIDTH)} […]` : last
  return cut.replaceAll(SEQUENCE, sequence => COLOUR.test(sequence) ? sequence : '').replaceAll(CONTROL, '\uFFFD')
}

export class StepOutput {
  readonly #show: (line: string) => void
  #lines = 0
  #half = ''
  readonly #tail: string[] = []

  constructor(show: (line: string) => void) {
    this.#show = show
  }

  push(chunk: string): void {
    let from = 0
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      this.#line(this.#half + chunk.slice(from, end))
      this.#half = ''
      from = end + 1
    }
    // A line that never ends must not take all memory, nor be copied with every chunk of it.
    if (this.#half.length < 2 * WIDTH) this.#half += chunk.slice(from, from + 2 * WIDTH - this.#half.length)
  }

  /** The step has ended: what is left of its last lines. */
  end(): void {
    if (this.#half !== '') this.#line(this.#half)
    this.#half = ''
    const left = this.#lines - HEAD - this.#tail.length
    if (left > 0) this.#show(`[… ${left} lines left out, the transcript has them …]`)
    for (const line of this.#tail.splice(0)) this.#show(shownLine(line))
  }

  #line(line: string): void {
    if (++this.#lines <= HEAD) return this.#show(shownLine(line))
    // Only the last ones will be shown.
    this.#tail.push(line.slice(0, 2 * WIDTH))
    if (this.#tail.length > TAIL) this.#tail.shift()
  }
}
