/** One connection to one host, on which steps run one after the other. */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { Refusal, Transport } from '../transport/transport.ts'
import { BASH_DRIVER } from './bash-driver.ts'
import { BOOT } from './boot.ts'
import { PING, runFrame, type Step } from './frames.ts'
import { Greeting } from './greeting.ts'
import { MARK } from './limits.ts'
import { MarkedStream, type Mark } from './marked.ts'
import { PERL_DRIVER } from './perl-driver.ts'

/** What a step prints, as it comes. The bytes are there during the call only. */
export interface Sink {
  out(bytes: Buffer): void
  err(bytes: Buffer): void
}

/** The host could not be reached, or was lost in the middle of a step, whose state is then unknown. */
export class Lost extends Error {
  override readonly name = 'Lost'
}

/** Standard error of the local program that is kept for the message. */
const KEPT = 16_384

/** Milliseconds for the last words of a local program that has ended. */
const LAST_WORDS = 300

export class Session {
  /** Of the variable that marks the processes of a step: `<runs>.<step>`. */
  readonly runs = randomUUID()
  /** Resolves when the host has let us in. @throws Lost */
  readonly opened: Promise<void>
  readonly #transport: Transport
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  readonly #greeting: Greeting
  readonly #lost = Promise.withResolvers<never>()
  #step = 0
  #ended = false
  #stderr = ''
  #sink: Sink | undefined
  #marks: { left: number, done: (mark: Mark) => void } | undefined

  constructor(transport: Transport) {
    this.#transport = transport
    this.#lost.promise.catch(() => undefined)
    const secret = randomUUID()
    const hello = randomUUID()
    const variables = Object.entries(transport.env).map(([name, value]) => `${name}=${value}`)
    const env = transport.cleanEnv ? ['env', '-i', ...variables] : variables.length > 0 ? ['env', ...variables] : []
    const [program = '', ...args] = transport.reach([...env, 'bash', '-c', BOOT, 'proofbook', hello, String(PERL_DRIVER.length), String(BASH_DRIVER.length)])
    // A group of its own: Ctrl-C in the terminal must reach us only, who end the step on its host first.
    this.#child = spawn(program, args, { cwd: transport.cwd, env: transport.localEnv, stdio: 'pipe', detached: true })
    this.#child.stdin.on('error', () => undefined)
    const begin = `${PERL_DRIVER}${BASH_DRIVER}${secret} ${this.runs} ${transport.ahead ? 1 : ''}\n`

    this.#greeting = new Greeting(`${MARK}${hello}\n`, transport.question, line => this.#child.stdin.write(line), () => this.#child.stdin.end())
    const mark = (mark: Mark): void => {
      if (this.#marks && --this.#marks.left === 0) this.#marks.done(mark)
    }
    const streams = {
      out: new MarkedStream(secret, bytes => this.#sink?.out(bytes), mark),
      err: new MarkedStream(secret, (bytes) => { this.#keep(bytes); this.#sink?.err(bytes) }, mark),
    }
    for (const [output, name] of [[this.#child.stdout, 'out'], [this.#child.stderr, 'err']] as const) {
      output.on('data', (chunk: Buffer) => {
        const rest = this.#greeting[name](chunk)
        if (rest) streams[name].push(rest)
        release(chunk)
      })
    }

    this.#child.once('error', error => this.#end({ exit: null, stderr: error.message, connected: false }))
    // A daemon of a step may hold the outputs of the local program; its end is what counts.
    this.#child.once('exit', (exit) => {
      const end = (): void => {
        streams.out.end()
        streams.err.end()
        const { welcomed: connected, stderr, question } = this.#greeting
        this.#end({ exit, connected, stderr: connected ? this.#stderr : stderr, ...question ? { question } : {} })
      }
      this.#child.once('close', end)
      setTimeout(end, LAST_WORDS).unref()
    })
    // What asks no question reads on as soon as it is there: one round trip less.
    if (transport.question === undefined) this.#child.stdin.write(begin)
    this.opened = Promise.race([this.#greeting.welcome.promise, this.#lost.promise]).then(() => {
      if (transport.question !== undefined) this.#child.stdin.write(begin)
    })
    this.opened.then(() => this.#rest(), () => undefined)
  }

  get usable(): boolean {
    return !this.#ended
  }

  /** The name that the next step's processes carry. */
  get nextRun(): string {
    return `${this.runs}.${this.#step + 1}`
  }

  /** Runs one step; the session must have no other. @throws Lost */
  run(step: Step, sink: Sink): Promise<Mark> {
    return this.#send(runFrame(step), sink)
  }

  /** Whether the host answers within this many milliseconds; ends the session when not. */
  async answers(limit: number): Promise<boolean> {
    const answer = this.#send(PING).then(() => true, () => false)
    const answered = await Promise.race([answer, wait(limit, false, { ref: false })])
    if (!answered) this.kill()
    return answered
  }

  /** Lets the driver go. */
  close(): void {
    this.#ended = true
    this.#child.stdin.end()
  }

  kill(): void {
    this.#ended = true
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL')
    } catch {
      // It has ended already.
    }
  }

  async #send(frame: Buffer, sink?: Sink): Promise<Mark> {
    this.#step++
    this.#wake()
    this.#stderr = ''
    const marks = Promise.withResolvers<Mark>()
    this.#sink = sink
    this.#marks = { left: 2, done: marks.resolve }
    try {
      await this.opened
      this.#child.stdin.write(frame)
      return await Promise.race([marks.promise, this.#lost.promise])
    } finally {
      this.#sink = undefined
      this.#marks = undefined
      this.#rest()
    }
  }

  #keep(bytes: Buffer): void {
    this.#stderr = (this.#stderr + bytes.toString('utf8', Math.max(0, bytes.length - KEPT))).slice(-KEPT)
  }

  #end(refusal: Refusal): void {
    this.#ended = true
    void Promise.resolve(this.#transport.explain(refusal)).then(why => this.#lost.reject(new Lost(why)))
  }

  /** An idle session does not keep Node from ending; the driver ends when our end of its input is gone. */
  #rest(): void {
    if (this.#marks) return
    for (const part of this.#parts()) part.unref()
  }

  #wake(): void {
    for (const part of this.#parts()) part.ref()
  }

  #parts(): { ref(): void, unref(): void }[] {
    const { stdin, stdout, stderr } = this.#child
    // Pipes of a child process are sockets, which the types do not tell.
    return [this.#child, stdin, stdout, stderr] as unknown as { ref(): void, unref(): void }[]
  }
}

/**
 * Gives a chunk's memory back at once: the garbage collector lets 64 MB of such buffers come together before it looks
 * (V8's limit for memory outside of its heap), which is as much as all the rest of Proofbook.
 */
function release({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}
