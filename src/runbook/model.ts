/**
 * What a runbook page means once it is parsed. Pure data: no file system, no process, no cluster.
 */
import type { Flow } from './traffic.ts'

/** What a fenced block is for. `skip` blocks are shown and never run. */
export type BlockKind = 'precheck' | 'step' | 'check' | 'drill' | 'rollback' | 'cleanup' | 'skip'

/** What happens to the text of a block: run by bash, written to a file, or handed to `kubectl apply`. */
export type Action =
  | { readonly type: 'bash' }
  | { readonly type: 'file', readonly path: string, readonly mode?: string, readonly owner?: string }
  | { readonly type: 'apply', readonly serverDryRun: boolean }

/** A place in a page: 1-based line and column. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Expected output of a block, from the `output` fence that follows it. */
export interface ExpectedOutput {
  /** Matcher text, LF line ends, without the last line end. */
  readonly text: string
  readonly position: Position
}

/** How long and how often a check is tried. Times in milliseconds. */
export interface Polling {
  /** Keep trying until this much time has passed. */
  readonly eventually: number
  /** Ask for this many successes in a row; 1 when not given. */
  readonly stable: number
  /** Pauses between two tries, growing from the first to the longest; the runner's own when not given. */
  readonly backoff?: { readonly first: number, readonly longest: number }
}

/** What tells that a background block does its work: a port that answers on its host, a file, a text that it prints. */
export interface Ready {
  readonly type: 'port' | 'file' | 'output'
  /** Variables are not yet filled in. */
  readonly value: string
}

/** A value that a block prints and that later blocks use as `{{name}}`. */
export interface Capture {
  readonly name: string
  readonly type: Exclude<VariableType, 'enum' | 'secret'>
}

/** `if=cni:cilium`: the block runs only where the fact has that value. */
export interface Condition {
  readonly fact: string
  readonly value: string
}

/** One fenced block that does something. */
export interface Block {
  readonly kind: BlockKind
  /**
   * Unique in the page, whatever the kind, since `needs` and `--from` name blocks. A rollback has the name of the step
   * that it undoes; a skip block is `skip-LINE`.
   */
  readonly name: string
  readonly language: string
  readonly action: Action
  /** The text between the fences, byte for byte, LF line ends, with its last line end; variables not yet filled in. */
  readonly text: string
  /** Host or role; `workstation` when not given. */
  readonly on: string
  /** On every host of its role at once; otherwise one after the other. */
  readonly parallel: boolean
  /** Milliseconds; of a block with `ready` the time until it is. */
  readonly timeout: number
  /** Exit code that the block must end with; `'fail'` is any but 0. */
  readonly exit: number | 'fail'
  readonly polling?: Polling
  /** Names of blocks that must have ended before this one; a background block named here is waited for. */
  readonly needs: readonly string[]
  readonly condition?: Condition
  /** Started and not waited for, until a block `needs` it or the run ends. */
  readonly background: boolean
  /** On a background block: goes on once this holds; the block is ended with the page. */
  readonly ready?: Ready
  readonly capture?: Capture
  readonly destructive: boolean
  /** Must not run a second time: a resumed run never repeats it by itself. */
  readonly once: boolean
  /** By which `--tags` chooses. */
  readonly tags: readonly string[]
  /** On a step: why it has no rollback (`rollback="none: why"`). */
  readonly noRollback?: string
  /** On a skip block: why it never runs here. */
  readonly skipReason?: string
  readonly output?: ExpectedOutput
  /** Nearest heading above the block; empty before the first. */
  readonly heading: string
  /** First paragraph after the block (and its output): the reason. Plain text, may be empty. */
  readonly why: string
  /** Where the opening fence is. */
  readonly position: Position
}

/** Types of values that a reader supplies. */
export type VariableType = 'ipv4' | 'cidr' | 'hostname' | 'port' | 'interface' | 'name' | 'version' | 'int' | 'enum' | 'secret'

export interface Variable {
  readonly name: string
  readonly type: VariableType
  readonly label: string
  /** The value that the lab uses, so that the page as printed is what was proven; empty for a secret, which has none. */
  readonly default: string
  /** On an enum: the values allowed. */
  readonly values?: readonly string[]
  readonly position: Position
}

export type Risk = 'read-only' | 'reversible' | 'outage'

/** One MDX page under a runbooks folder. */
export interface Runbook {
  /** Path below the runbooks folder without extension: `haproxy/external-load-balancer`. */
  readonly id: string
  /** Path as given by the user, for messages. */
  readonly path: string
  /** SHA-256 of the file's bytes, hex. */
  readonly sha256: string
  readonly title: string
  readonly description: string
  readonly variables: readonly Variable[]
  /** Name of the topology that the lab brings up. */
  readonly topology: string
  /** CNI of the lab, `any` when the page does not care. */
  readonly cni: string
  /** Targets on which this page must verify. */
  readonly targets: readonly string[]
  readonly risk: Risk
  /** Going through the page a second time changes nothing, and `verify` proves it. */
  readonly idempotent: boolean
  /** Milliseconds, as the author estimates. */
  readonly duration?: number
  /** What may be lost while the page runs, by name of what is measured: `{ api: "5s" }`. */
  /** Flows that are measured while the page is verified. */
  readonly traffic: readonly Flow[]
  readonly downtimeBudget: Readonly<Record<string, string>>
  /** Component versions that the page is written for. */
  readonly versions: Readonly<Record<string, string>>
  /** Ids of the claims ledger that the page settles. */
  readonly claims: readonly string[]
  readonly requires: readonly string[]
  /** Milliseconds after which a result is stale. */
  readonly verifiedFor: number
  /** In page order. */
  readonly blocks: readonly Block[]
  readonly diagrams: readonly { readonly text: string, readonly position: Position }[]
}

/** One thing wrong with a page. `received` and `expected` complete "received X, expected Y". */
export interface Diagnostic {
  readonly path: string
  readonly position: Position
  readonly message: string
  readonly received?: string
  readonly expected?: string
  /** Length of the underlined part, in columns; 1 when not given. */
  readonly length?: number
}
