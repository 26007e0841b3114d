/** The sessions with one host: one for all its steps, and one more for each step that runs beside another. */
import type { Transport } from '../transport/transport.ts'
import { Session } from './session.ts'

/** Milliseconds after which a session must show that its host is still there: a step must not be the first to learn. */
const FRESH = 2_000

/** Milliseconds for that. */
const PATIENCE = 5_000

export class Pool {
  readonly transport: Transport
  readonly #idle: { readonly session: Session, readonly since: number }[] = []
  #closed = false

  constructor(transport: Transport) {
    this.transport = transport
  }

  /** A session that nobody else has. @throws Lost when the host cannot be reached */
  async take(): Promise<Session> {
    for (;;) {
      const known = this.#idle.pop()
      if (known === undefined) break
      const { session, since } = known
      if (!session.usable) continue
      if (performance.now() - since < FRESH || await session.answers(PATIENCE)) return session
    }
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
  }
}
