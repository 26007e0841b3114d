/** What a run did, block by block, without times: by this two runs are compared. */
import type { BlockKind } from '../../runbook/model.ts'
import type { EarlierRun } from '../runs.ts'
import type { Standing } from './standing.ts'

/** What is known of one block on one host. */
export interface Fact {
  readonly phase: string
  readonly kind: BlockKind
  readonly name: string
  readonly host: string
  readonly line: number
  /** `ok`, `failed`, `skipped`, `not-run`; of a step also `unknown`, `undoing`, `undone`. */
  readonly state: string
  readonly exit?: number
  readonly durationMs?: number
  readonly note?: string
}

/** In page order, undo last. */
export function facts({ standing }: Pick<EarlierRun, 'standing'>): Fact[] {
  const known = standing.ends.map(({ block }): Fact => {
    const { phase, kind, name, host, line, status, exit, durationMs, reason } = block
    const state = kind === 'step' && status !== 'skipped' && phase === 'steps' ? stepState(standing, name, host) ?? status : status
    return {
      phase, kind, name, host, line, state,
      ...exit === undefined || state !== status ? {} : { exit },
      ...durationMs > 0 ? { durationMs } : {},
      ...reason === undefined || state === 'ok' ? {} : { note: reason },
    }
  })
  const missing = standing.order.flatMap(name => [...standing.step(name)]
    .filter(([host]) => !known.some(fact => fact.kind === 'step' && fact.name === name && fact.host === host))
    .map(([host, { line }]): Fact => ({ phase: 'steps', kind: 'step', name, host, line, state: stepState(standing, name, host) ?? 'unknown' })))
  const last = (fact: Fact): number => fact.phase === 'rollback' ? 1 : 0
  return [...known, ...missing].toSorted((a, b) => last(a) - last(b) || a.line - b.line)
}

function stepState(standing: Standing, name: string, host: string): string | undefined {
  const state = standing.step(name).get(host)?.state
  if (state === undefined) return standing.undone.has(name) ? 'undone' : undefined
  return state === 'done' ? 'ok' : state
}

/** Lines that only one of two runs has: values and blocks, `- gone`, `+ new`. */
export function factsDiffer(a: EarlierRun, b: EarlierRun): string[] {
  const [was, is] = [a, b].map(linesOf) as [string[], string[]]
  return [
    ...was.filter(line => !is.includes(line)).map(line => `- ${line}`),
    ...is.filter(line => !was.includes(line)).map(line => `+ ${line}`),
  ]
}

function linesOf(run: EarlierRun): string[] {
  const { runbook, sha256, target, values } = run.begin
  return [
    `runbook ${runbook} sha256 ${sha256}`,
    `target ${target}`,
    ...Object.entries(values).map(([name, value]) => `value ${name}=${value}`),
    ...facts(run).map(({ phase, kind, name, host, state, exit }) => `${phase} ${kind} ${name} on ${host}: ${state}${exit ? ` (exit ${exit})` : ''}`),
  ]
}
