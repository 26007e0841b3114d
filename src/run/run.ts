/** What `verify`, `run` and `rollback` have in common: the beginning of a run, and its end. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { RESULT_SCHEMA, type BlockResult, type Result } from '../report/result.ts'
import { originOf } from '../report/origin.ts'
import { writeResult } from '../report/store.ts'
import type { Variable } from '../runbook/model.ts'
import type { Script } from '../script/api.ts'
import type { Target } from '../target/target.ts'
import { leftFrom, type Abort } from './abort.ts'
import { createBackground } from './background.ts'
import type { Context } from './context.ts'
import type { Emit } from './events.ts'
import { excused } from './excused.ts'
import type { RunFolder } from './folder.ts'
import { hostsFor } from './hosts.ts'
import type { ReadJournal } from './journal/read.ts'
import { openRecord } from './journal/record.ts'
import { Standing } from './journal/standing.ts'
import { readTranscript } from './journal/transcripts.ts'
import type { Walk } from './phases.ts'
import { planOf, type Planned } from './plan.ts'
import { maskedEvents } from './secret/events.ts'
import { hasMask, Masks, type Secrets } from './secret/mask.ts'
import { select, type Selection } from './select.ts'

export interface RunOptions {
  readonly script: Script
  readonly target: Target
  /** A value for every variable, checked. */
  readonly values: Readonly<Record<string, string>>
  /** A value for every secret; `verify` makes up those that nobody gave. Never kept nor shown. */
  readonly secrets?: Secrets
  readonly selection?: Selection
  /** `verify`: try the way back only. */
  readonly abort?: Abort
  readonly folder: RunFolder
  /** The journal of the run that this one goes on with. */
  readonly earlier?: ReadJournal
  /** Kept in the journal, for the one who goes on with this run. */
  readonly how?: Readonly<Record<string, unknown>>
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
export async function begin(mode: 'verify' | 'run' | 'rollback', options: RunOptions): Promise<Run> {
  const { script, target, values, folder, earlier } = options
  const startedAt = new Date()
  const started = performance.now()
  const plan = await planOf(script)
  const before = options.abort?.before
  const left = before === undefined ? select(plan, options.selection ?? {}) : leftFrom(plan, before)
  const rules = { target, plan, left, drills: mode === 'verify' && target.lab }
  for (const block of plan) if (!excused(rules, block)) hostsFor(target, block)

  const standing = Standing.of(earlier?.lines ?? [])
  const blocks: BlockResult[] = standing.ends.map(({ block, transcript }) =>
    ({ ...block, transcript: transcript === undefined ? '' : readTranscript(join(folder.path, transcript)) }))
  const record = openRecord(folder, earlier?.end)
  const secrets = { ...options.secrets, ...mode === 'verify' ? madeUp(script.meta.variables, options.secrets) : {} }
  const masks = Object.keys(secrets).length === 0 ? undefined : new Masks(secrets)
  const tell: Emit = event => {
    if (event.event === 'end') replace(blocks, event.block)
    try {
      record.write(event)
      if (event.event !== 'output') standing.apply(event, record.last)
    } finally {
      options.listen?.(event)
    }
  }
  const emit = masks ? maskedEvents(masks, tell) : tell
  const stopping = new AbortController()
  // A lab is thrown away with the machine that loses its power: nobody goes on with a verification.
  const lasting = mode !== 'verify'
  const captured = blocks.flatMap(block => block.captured && !hasMask(block.captured.value) ? [[block.captured.name, block.captured.value] as const] : [])
  const known: Record<string, string> = { ...values, ...secrets, ...Object.fromEntries(captured) }
  const base: Omit<Context, 'signal'> = {
    ...rules, values: known, emit, standing,
    know: (name, value) => { known[name] = value },
    mark: (process = standing.process) => lasting ? `${folder.id}/${process}` : undefined,
    synced: lasting ? record.synced : async () => undefined,
  }
  const background = createBackground()
  const signal = AbortSignal.any([options.signal, stopping.signal])
  const done = standing.order
    .map(name => plan.find(block => block.kind === 'step' && block.name === name))
    .filter(step => step !== undefined && hostsFor(target, step).every(({ name }) => standing.isDone(step.name, name)))
  const walk: Walk = { context: { ...base, signal }, background, done: done as Planned[] }
  emit(mode === 'rollback' || earlier ? { event: 'resume', mode: mode === 'rollback' ? 'rollback' : 'run', summary: target.summary } : {
    event: 'begin', mode, runbook: script.meta.id, sha256: script.meta.sha256, target: target.name,
    summary: target.summary, values, ...options.how && { how: options.how },
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
      const { meta } = script
      const origin = originOf(process.env)
      const whole: Result = {
        schema: RESULT_SCHEMA,
        proofbook: options.proofbook,
        runbook: meta.id,
        title: meta.title,
        target: target.name,
        source: { path: meta.source, sha256: meta.sha256 },
        startedAt: startedAt.toISOString(),
        finishedAt: new Date().toISOString(),
        durationMs: Math.round(performance.now() - started),
        verifiedForMs: meta.verifiedFor,
        values,
        images: target.images,
        topology: meta.topology,
        cni: target.facts.cni ?? meta.cni,
        retries: 0,
        blocks,
        ...origin === undefined ? {} : { origin },
        ...verdict,
      }
      const result = masks?.deep(whole) ?? whole
      const { reason } = result
      emit({ event: 'verdict', verdict: result.verdict, ...reason === undefined ? {} : { reason } })
      await record.synced()
      record.close()
      await writeResult(folder.result, result)
      return result
    },
  }
}

/** A lab needs no secret of the reader's. */
function madeUp(variables: readonly Variable[], given: Secrets = {}): Secrets {
  return Object.fromEntries(variables.filter(({ name, type }) => type === 'secret' && given[name] === undefined)
    .map(({ name }) => [name, randomBytes(16).toString('hex')]))
}

/** A block that runs again has one result: the last. */
function replace(blocks: BlockResult[], block: BlockResult): void {
  const before = blocks.findIndex(({ phase, kind, name, host }) =>
    phase === block.phase && kind === block.kind && name === block.name && host === block.host)
  if (before >= 0) blocks.splice(before, 1)
  blocks.push(block)
}
