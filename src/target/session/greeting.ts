/** What a host says before the driver runs: a login script's noise, sudo's question, and at last that bash is there. */
import type { Question, Refusal } from '../transport/transport.ts'

export class Greeting {
  /** Resolves when bash has said on both outputs that it is there. */
  readonly welcome = Promise.withResolvers<void>()
  question: Refusal['question']
  readonly #hello: string
  readonly #asked: Question | undefined
  readonly #reply: (line: string | undefined) => void
  #stdout = ''
  #stderr = ''
  #heard = { out: false, err: false }
  #answered = false

  /** @param hangUp ends the host's input: there is no answer that it would take */
  constructor(hello: string, question: Question | undefined, reply: (line: string) => void, hangUp: () => void) {
    this.#hello = hello
    this.#asked = question
    this.#reply = line => line === undefined ? hangUp() : reply(`${line}\n`)
  }

  /** Standard error so far, without questions. */
  get stderr(): string {
    return Buffer.from(this.#stderr, 'latin1').toString()
  }

  get welcomed(): boolean {
    return this.#heard.out && this.#heard.err
  }

  /** What follows the greeting on standard output; undefined while it goes on. */
  out(chunk: Buffer): Buffer | undefined {
    if (this.#heard.out) return chunk
    this.#stdout += chunk.toString('latin1')
    const rest = this.#rest(this.#stdout)
    if (rest === undefined) return undefined
    this.#hear('out')
    return Buffer.from(rest, 'latin1')
  }

  err(chunk: Buffer): Buffer | undefined {
    if (this.#heard.err) return chunk
    this.#stderr += chunk.toString('latin1')
    const rest = this.#rest(this.#stderr)
    if (rest !== undefined) {
      this.#hear('err')
      return Buffer.from(rest, 'latin1')
    }
    this.#look()
    return undefined
  }

  #rest(text: string): string | undefined {
    const at = text.indexOf(this.#hello)
    return at < 0 ? undefined : text.slice(at + this.#hello.length)
  }

  #hear(output: 'out' | 'err'): void {
    this.#heard[output] = true
    if (this.welcomed) this.welcome.resolve()
  }

  #look(): void {
    if (this.#asked === undefined || !this.#stderr.includes(this.#asked.prompt)) return
    this.#stderr = this.#stderr.replace(this.#asked.prompt, '')
    if (this.#answered) {
      this.question = 'wrong answer'
      return this.#reply(undefined)
    }
    this.#answered = true
    void this.#asked.answer().then((answer) => {
      if (answer === undefined) this.question = 'no answer'
      this.#reply(answer)
    })
  }
}
