/** What `verify` and `run` have in common: the beginning of a run, and its end. */
import { RESULT_SCHEMA, type BlockResult, type Result } from '../report/result.ts'
import { writeJson } from '../report/store.ts'
import type { Script } from '../script/api.ts'
import type { Target } from '../target/target.ts'
import { createBackground } from './background.ts'
import type { Context } from './context.ts'
import type { Emit } from './events.ts'
import { excused } from './excused.ts'
import type { RunFolder } from './folder.ts'
import { hostsFor } from './hosts.ts'
import { openJournal } from './journal.ts'
import type { Walk } from './phases.ts'
import { planOf } from './plan.ts'
import { select, type Selection } from './select.ts'

export interface RunOptions {
  readonly script: Script
  readonly target: Target
  /** A value for every variable, checked. */
  readonly values: Readonly<Record<string, string>>
  readonly selection?: Selection
  readonly folder: RunFolder
  /** `verify`: undo what was done when the page fails, so that a lab that was up before may stay; not when it is kept to look at. */
  readonly undoAfterFailure?: boolean
  /** Version of Proofbook. */
  readonly proofbook: string
  readonly signal: AbortSignal
  /** Beside the journal, who else is told. */
  readonly listen?: Emit
}

type Verdicted = Pick<Result, 'verdict' | 'versions' | 'leftBehind'> & Partial<Result>

/** A run that has begun. */
export interface Run {
  readonly walk: Walk
  /** The same, heedless of `stop`: for what follows after a failure. */
  readonly afterwards: Walk
  readonly emit: Emit
  readonly blocks: readonly BlockResult[]
  /** Ends everything that runs and waits for its end. */
  stop(): Promise<void>
  /** Completes and writes the result. */
  finish(verdict: Verdicted): Promise<Result>
}

/**
 * Plans the run and opens its journal.
 * @throws BadInput when the selection or a host does not exist: nothing has run then
 */
export async function begin(mode: 'verify' | 'run', options: RunOptions): Promise<Run> {
  const { script, target, values, folder } = options
  const startedAt = new Date()
  const plan = await planOf(script)
  const left = select(plan, options.selection ?? {})
  const rules = { target, plan, left, drills: mode === 'verify' && target.lab }
  for (const block of plan) if (!excused(rules, block)) hostsFor(target, block)

  const journal = openJournal(folder)
  const blocks: BlockResult[] = []
  const emit: Emit = event => {
    if (event.event === 'end') blocks.push(event.block)
    journal.write(event)
    options.listen?.(event)
  }
  const stopping = new AbortController()
  const base: Omit<Context, 'signal'> = { ...rules, values, emit }
  const background = createBackground()
  const signal = AbortSignal.any([options.signal, stopping.signal])
  const walk: Walk = { context: { ...base, signal }, background, done: [] }
  emit({
    event: 'begin', mode, runbook: script.meta.id, sha256: script.meta.sha256, target: target.name,
    summary: target.summary, values,
  })
  return {
    walk,
    afterwards: { ...walk, context: { ...base, signal: options.signal } },
    emit,
    blocks,
    async stop() {
      stopping.abort()
      await background.drain()
    },
    async finish(verdict) {
      const finishedAt = new Date()
      const { meta } = script
      const result: Result = {
        schema: RESULT_SCHEMA,
        proofbook: options.proofbook,
        runbook: meta.id,
        title: meta.title,
        target: target.name,
        source: { path: meta.source, sha256: meta.sha256 },
        startedAt: startedAt.toISOString(),
        finishedAt: finishedAt.toISOString(),
        durationMs: finishedAt.getTime() - startedAt.getTime(),
        verifiedForMs: meta.verifiedFor,
        values,
        images: target.images,
        topology: meta.topology,
        cni: target.facts.cni ?? meta.cni,
        retries: 0,
        blocks,
        ...verdict,
      }
      const { reason } = result
      emit({ event: 'verdict', verdict: result.verdict, ...reason === undefined ? {} : { reason } })
      journal.close()
      await writeJson(folder.result, result)
      return result
    },
  }
}
