/** Where a run stands, found out from its events alone: read from a journal, and kept up while a run goes on. */
import type { Phase } from '../events.ts'
import type { JournalLine, RecordedBlock, RecordedEvent } from './line.ts'

/**
 * What is known of a step on one host. `unknown`: it had begun, and nothing tells whether it was done. `undoing`: its
 * rollback had begun, and nothing tells whether it is undone.
 */
export type StepState = 'done' | 'failed' | 'unknown' | 'undoing'

export interface StepStanding {
  readonly state: StepState
  /** The process that began the step, or its rollback: see `Standing.process`. */
  readonly process: number
  /** Line of its fence in the page. */
  readonly line: number
}

type Begin = Extract<RecordedEvent, { event: 'begin' }>
type Verdict = Extract<RecordedEvent, { event: 'verdict' }>

/** Changed by every event; the same events in the same order always give the same standing. */
export class Standing {
  begin: Begin | undefined
  verdict: Verdict | undefined
  /** Number of the first event of the process that works on the run now, or was the last to. */
  process = 0
  /** Steps that the reader chose to leave out. */
  readonly skipped = new Set<string>()
  readonly undone = new Set<string>()
  /** Names of steps in the order in which they began: undone last first. */
  order: string[] = []
  readonly #steps = new Map<string, Map<string, StepStanding>>()
  /** Checks that held, with their lines: a step above them that runs again takes that back. */
  readonly #held = new Map<string, number>()
  readonly #ends = new Map<string, { block: RecordedBlock, transcript: string | undefined }>()

  static of(lines: readonly JournalLine[]): Standing {
    const standing = new Standing()
    for (const line of lines) standing.apply(line, line.seq)
    return standing
  }

  /** @param seq of the line that says so */
  apply(event: RecordedEvent, seq: number): void {
    switch (event.event) {
      case 'begin':
        this.begin = event
        this.process = seq
        break
      case 'start':
        if (event.kind === 'step' && event.phase === 'steps') this.#begun(event.name, event.host, event.line)
        if (event.kind === 'rollback') this.#undoing(event.name)
        break
      case 'end':
        this.#ended(event.block, event.transcript)
        break
      case 'settled':
        if (event.as === 'done') this.#change(event.name, event.host, 'done')
        else this.#forget(event.name, event.host)
        break
      case 'undone':
        this.#steps.delete(event.name)
        this.undone.add(event.name)
        this.order = this.order.filter(name => name !== event.name)
        break
      case 'choice':
        if (event.answer === 'skip') this.skipped.add(event.name)
        else this.skipped.delete(event.name)
        break
      case 'verdict':
        this.verdict = event
        break
      case 'resume':
        this.verdict = undefined
        this.process = seq
        break
      default:
    }
  }

  /** What is known of a step, by host; empty when it has not begun, or was undone. */
  step(name: string): ReadonlyMap<string, StepStanding> {
    return this.#steps.get(name) ?? new Map()
  }

  isDone(name: string, host: string): boolean {
    return this.step(name).get(host)?.state === 'done'
  }

  /** A check that held there, with no step above it begun since. */
  held(name: string, host: string): boolean {
    return this.#held.has(`${name} ${host}`)
  }

  /** The last end of every block on every host, in the order in which the blocks ended first. */
  get ends(): readonly { readonly block: RecordedBlock, readonly transcript: string | undefined }[] {
    return [...this.#ends.values()]
  }

  #begun(name: string, host: string, line: number): void {
    this.#set(name, host, { state: 'unknown', process: this.process, line })
    this.undone.delete(name)
    if (!this.order.includes(name)) this.order.push(name)
    for (const [check, at] of this.#held) if (at > line) this.#held.delete(check)
  }

  #undoing(name: string): void {
    const hosts = this.#steps.get(name)
    for (const [host, before] of hosts ?? []) hosts!.set(host, { ...before, state: 'undoing', process: this.process })
  }

  #ended(block: RecordedBlock, transcript: string | undefined): void {
    const { kind, name, host, phase, status, line } = block
    if (status !== 'not-run' || !this.#ends.has(endKey(phase, block))) this.#ends.set(endKey(phase, block), { block, transcript })
    // `not-run` after a start: interrupted, or its host was lost. Whether it was done is open.
    if (kind === 'step' && (status === 'ok' || status === 'failed')) this.#change(name, host, status === 'ok' ? 'done' : 'failed')
    if (kind === 'check' && phase === 'steps') {
      if (status === 'ok') this.#held.set(`${name} ${host}`, line)
      else this.#held.delete(`${name} ${host}`)
    }
  }

  #set(name: string, host: string, standing: StepStanding): void {
    const hosts = this.#steps.get(name) ?? new Map<string, StepStanding>()
    hosts.set(host, standing)
    this.#steps.set(name, hosts)
  }

  #change(name: string, host: string, state: StepState): void {
    const before = this.step(name).get(host)
    if (before) this.#set(name, host, { ...before, state })
  }

  #forget(name: string, host: string): void {
    const hosts = this.#steps.get(name)
    hosts?.delete(host)
    if (hosts?.size === 0) this.#steps.delete(name)
  }
}

const endKey = (phase: Phase, { kind, name, host }: RecordedBlock): string => `${phase} ${kind} ${name} ${host}`
