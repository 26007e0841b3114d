/**
 * What an extracted script calls. A script is one ES module per runbook; whoever runs it (the runner, the
 * planner, a test) hands it a Book. Arrows point down: the script knows nothing of targets or journals.
 */
import type { Block, Runbook } from '../runbook/model.ts'

/** The facts of a page that a script carries. */
export type ScriptMeta = Pick<Runbook,
  'id' | 'title' | 'description' | 'sha256' | 'topology' | 'cni' | 'targets' | 'risk' | 'idempotent' | 'verifiedFor' | 'traffic' | 'downtimeBudget' | 'versions'> & {
    /** Path of the page that the script was extracted from. */
    readonly source: string
    readonly variables: Runbook['variables']
  }

/** Options of one call: those facts of a block that are not its kind, name and text; defaults are left out. */
export type BlockOptions = Partial<Omit<Block, 'kind' | 'name' | 'text' | 'position'>> & { readonly line: number }

/** One call per block, in the order of execution; each resolves when the block has ended as it must, and rejects when not. */
export interface Book {
  precheck(name: string, options: BlockOptions, text: string): Promise<void>
  step(name: string, options: BlockOptions, text: string): Promise<void>
  check(name: string, options: BlockOptions, text: string): Promise<void>
  drill(name: string, options: BlockOptions, text: string): Promise<void>
  /** Declares how the step of that name is undone; declared before the step. */
  rollback(step: string, options: BlockOptions, text: string): Promise<void>
  /** Declares what always runs at the end in a lab; declared first. */
  cleanup(name: string, options: BlockOptions, text: string): Promise<void>
  skip(name: string, options: BlockOptions, text: string): Promise<void>
}

/** What an extracted module exports by default. */
export interface Script {
  readonly meta: ScriptMeta
  main(book: Book): Promise<void>
}
