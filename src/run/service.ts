/** A background block with `ready=`: the page waits until it does its work, and ends it when the page has ended. */
import { fill } from '../runbook/placeholders.ts'
import type { Ready } from '../runbook/model.ts'
import type { Host } from '../target/target.ts'
import { duration } from '../report/duration.ts'
import type { Context } from './context.ts'
import type { Mismatch } from './judge.ts'
import type { Planned } from './plan.ts'
import { poll } from './poll.ts'

/** Milliseconds: the longest that a service may go on, one try of its readiness, and the pauses between two tries. */
export const LONGEST_SERVICE = 86_400_000
const TRY = 10_000
const backoff = { first: 100, longest: 1_000 }

export class Service {
  readonly #block: Planned
  readonly #ready: Ready
  readonly #stop = new AbortController()
  readonly #printed = new Map<string, string>()
  readonly #held = new Set<string>()
  #whyStopped: Mismatch | undefined

  /** @param values fill in `{{name}}` in what it waits for */
  constructor(block: Planned, values: Context['values']) {
    this.#block = block
    this.#ready = { ...block.ready!, value: fill(block.ready!.value, values) }
  }

  /** Aborted when its time has come. */
  get signal(): AbortSignal {
    return this.#stop.signal
  }

  /** Ends it: with the page, or since it was not ready in time. */
  stop(why?: Mismatch): void {
    this.#whyStopped ??= why
    this.#stop.abort()
  }

  /** What it printed on a host may be what tells that it is ready. */
  hear(host: Host, chunk: string): void {
    if (this.#ready.type !== 'output' || this.#held.has(host.name)) return
    const text = (this.#printed.get(host.name) ?? '') + chunk
    if (text.includes(this.#ready.value)) this.#held.add(host.name)
    // What is looked for may begin in this chunk and end in the next.
    this.#printed.set(host.name, text.slice(-this.#ready.value.length))
  }

  /** Why its end is not as it must be; undefined when Proofbook ended it in good order; `judged` when it ended by itself. */
  judge(host: Host, judged: () => Mismatch | undefined): Mismatch | undefined {
    if (this.#stop.signal.aborted) return this.#whyStopped
    if (this.#held.has(host.name)) return judged()
    return judged() ?? { message: 'ended before it was ready', received: 'its end', expected: `${this.#form()} (ready=)` }
  }

  /** Resolves when it is ready on a host; stops it when it is not within the block's `timeout`. */
  async readyOn(host: Host, signal: AbortSignal): Promise<void> {
    const probe = probeOf(this.#ready)
    const once = async (left: number): Promise<boolean> => {
      if (probe === undefined || this.#held.has(host.name)) return this.#held.has(host.name)
      const { exit } = await host.bash(probe, { timeout: Math.min(left, TRY), signal })
      return exit === 0
    }
    const { held } = await poll({ eventually: this.#block.timeout, stable: 1, backoff }, once, ready => ready, signal)
    if (held) this.#held.add(host.name)
    else {
      this.stop({ message: 'was not ready in time', received: `no ${this.#form()} within ${duration(this.#block.timeout)} (timeout=)`,
        expected: `${this.#form()} (ready=)` })
    }
  }

  #form(): string {
    const { type, value } = this.#ready
    return type === 'output' ? `"${value}" in its output` : type === 'port' ? `listener on port ${value}` : `file ${value}`
  }
}

/**
 * What a host is asked; undefined where the output tells. A port counts on whatever address it is listened to: state 0A
 * in /proc/net/tcp (Documentation/networking/proc_net_tcp.rst).
 */
export function probeOf({ type, value }: Ready): string | undefined {
  if (type === 'output') return undefined
  if (type === 'file') return `test -e ${value}\n`
  const port = Number(value).toString(16).toUpperCase().padStart(4, '0')
  // one process: behind a pipe, who reads no further than the match ends who writes
  return `grep -qsE ':${port} [0-9A-F]+:0000 0A ' /proc/net/tcp /proc/net/tcp6\n`
}
