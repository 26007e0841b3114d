/** The sessions with one host: one for all its steps, and one more for each step that runs beside another. */
import type { Transport } from '../transport/transport.ts'
import { Session } from './session.ts'

/** Milliseconds after which a session must show that its host is still there: a step must not be the first to learn. */
const FRESH = 2_000

/** Milliseconds for that. */
const PATIENCE = 5_000

interface Idle {
  readonly session: Session
  readonly since: number
}

export class Pool {
  readonly transport: Transport
  readonly #idle: Idle[] = []
  #closed = false
  #opening: Promise<Idle> | undefined

  constructor(transport: Transport) {
    this.transport = transport
  }

  /** Begins with a session that the next who takes one gets. @throws Lost when the host cannot be reached */
  async open(): Promise<void> {
    this.#opening ??= this.#open().then(session => ({ session, since: performance.now() }))
    await this.#opening
  }

  /** A session that nobody else has. @throws Lost when the host cannot be reached */
  async take(): Promise<Session> {
    const opening = this.#opening
    this.#opening = undefined
    if (opening) this.#idle.push(await opening)
    for (;;) {
      const known = this.#idle.pop()
      if (known === undefined) break
      const { session, since } = known
      if (!session.usable) continue
      if (performance.now() - since < FRESH || await session.answers(PATIENCE)) return session
    }
    return this.#open()
  }

  async #open(): Promise<Session> {
    const session = new Session(this.transport)
    await session.opened
    return session
  }

  give(session: Session): void {
    if (!session.usable) return
    if (this.#closed) return session.close()
    this.#idle.push({ session, since: performance.now() })
  }

  /** Lets all sessions go that nobody uses, and the others when they are given back. */
  close(): void {
    this.#closed = true
    for (const { session } of this.#idle.splice(0)) session.close()
    void this.#opening?.then(({ session }) => session.close(), () => undefined)
    this.#opening = undefined
  }
}
