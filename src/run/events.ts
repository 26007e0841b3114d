/** What a run tells while it goes: the journal writes it down, the CLI shows it, tests collect it. */
import type { BlockKind } from '../runbook/model.ts'
import type { BlockResult, Verdict } from '../report/result.ts'
import type { Traffic } from '../report/traffic.ts'

export type Phase = BlockResult['phase']

export type RunEvent =
  | {
    readonly event: 'begin'
    readonly mode: 'verify' | 'run'
    readonly runbook: string
    readonly sha256: string
    readonly target: string
    readonly summary: string
    readonly values: Readonly<Record<string, string>>
    /** How the run was asked for, to go on with it later; for the one who asked to read. */
    readonly how?: Readonly<Record<string, unknown>>
  }
  /** Another process goes on with the run, or undoes it. */
  | { readonly event: 'resume', readonly mode: 'run' | 'rollback', readonly summary: string }
  | { readonly event: 'phase', readonly phase: Phase }
  | {
    readonly event: 'start'
    readonly kind: BlockKind
    readonly name: string
    readonly host: string
    readonly line: number
    readonly phase: Phase
    readonly background: boolean
  }
  /** One try of a polled check; `why` it did not hold. */
  | { readonly event: 'attempt', readonly name: string, readonly host: string, readonly attempt: number, readonly exit: number, readonly why?: string }
  /** A chunk of what a block prints; not in the journal, the transcript has it. */
  | { readonly event: 'output', readonly name: string, readonly host: string, readonly chunk: string }
  | { readonly event: 'end', readonly block: BlockResult }
  | { readonly event: 'choice', readonly name: string, readonly answer: string }
  /** It was open whether a step of an earlier process was done; `by` tells who decided: checks, or the reader. */
  | { readonly event: 'settled', readonly name: string, readonly host: string, readonly as: 'done' | 'not-done', readonly by: string }
  /** What an earlier process began still runs on that host: processes of it, by id. */
  | { readonly event: 'leftover', readonly name: string, readonly host: string, readonly pids: readonly number[] }
  /** The rollback of that step ended well on all its hosts. */
  | { readonly event: 'undone', readonly name: string }
  /** Facts counted before the first block and after the last, and after a second pass; `different` compares with before it. */
  | { readonly event: 'inventory', readonly when: 'before' | 'second-pass' | 'after', readonly facts: number, readonly different?: readonly string[] }
  /** Flows that are asked from now on, or what was measured of them. */
  | { readonly event: 'traffic', readonly flows: readonly string[], readonly measured?: Traffic }
  | { readonly event: 'verdict', readonly verdict: Verdict, readonly reason?: string }

export type Emit = (event: RunEvent) => void
