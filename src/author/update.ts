/** Expected outputs of a page made new from what its blocks printed: what a matcher fits stays as it was written. */
import type { BlockResult, Result } from '../report/result.ts'
import { renewOutput } from '../runbook/output.ts'
import type { Block, Runbook } from '../runbook/model.ts'
import { placeholders } from '../runbook/placeholders.ts'
import { REGEXP_MATCHER, SKIP_LINES } from '../runbook/matchers.ts'

/** One output fence that should say something else. */
export interface Change {
  readonly block: Pick<Block, 'kind' | 'name'>
  /** Line of the output fence. */
  readonly line: number
  readonly before: string
  readonly after: string
}

/** A block whose output cannot be taken over, and why. */
export interface Refusal {
  readonly block: Pick<Block, 'kind' | 'name'>
  readonly line: number
  readonly why: string
}

/** Phases in which blocks run that have run before. */
const AGAIN: ReadonlySet<BlockResult['phase']> = new Set(['second-pass', 'after-rollback'])

/** What a result says about the outputs of the page that it was made from. */
export function changesOf(runbook: Runbook, result: Result): { readonly changes: readonly Change[], readonly refusals: readonly Refusal[] } {
  const changes: Change[] = []
  const refusals: Refusal[] = []
  for (const block of runbook.blocks) {
    if (block.output === undefined) continue
    const runs = result.blocks.filter((run) => run.kind === block.kind && run.name === block.name && !AGAIN.has(run.phase) && printed(run))
    if (runs.length === 0) continue
    const about = { block: { kind: block.kind, name: block.name }, line: block.output.position.line }
    const before = block.output.text
    const renewed = runs.map((run) => renewOutput(before, valuesOf(result), run.transcript))
    const { text: after, fresh } = renewed[0]!
    const why = renewed.some(({ text }) => text !== after) ? 'its hosts printed different things'
      : !runs.every((run) => endedAsItMust(block, run)) ? 'it did not end with the exit code that the page says'
        : unwritable(before, fresh)
    if (after === before) continue
    if (why === undefined) changes.push({ ...about, before, after })
    else refusals.push({ ...about, why })
  }
  return { changes, refusals }
}

/** The page with its outputs changed; `source` with LF line ends. */
export function applyChanges(source: string, changes: readonly Change[]): string {
  const lines = source.split('\n')
  // From below, so that the lines above keep their numbers.
  for (const { line, before, after } of changes.toSorted((a, b) => b.line - a.line)) {
    const indent = /^[\s>]*/.exec(lines[line - 1]!)![0]
    const rows = after.split('\n').map((row) => row === '' ? '' : indent + row)
    lines.splice(line, before.split('\n').length, ...rows)
  }
  return lines.join('\n')
}

const printed = ({ status }: BlockResult): boolean => status === 'ok' || status === 'failed'

function endedAsItMust({ exit }: Block, run: BlockResult): boolean {
  return exit === 'fail' ? run.exit !== 0 : run.exit === exit
}

function valuesOf(result: Result): Record<string, string> {
  const captured = result.blocks.flatMap((block) => block.captured ? [[block.captured.name, block.captured.value]] : [])
  return { ...result.values, ...Object.fromEntries(captured) as Record<string, string> }
}

/** Why lines cannot stand in an output fence. */
function unwritable(before: string, fresh: readonly string[]): string | undefined {
  if (fresh.some((row) => /^\[… \d+ bytes left out …\]$/.test(row))) return 'it printed more than a result keeps'
  if (fresh.some((row) => /^\s*(?:`{3}|~{3})/.test(row))) return 'it printed a line that would end the fence'
  if (fresh.some((row) => row.includes(SKIP_LINES) || REGEXP_MATCHER.test(row))) return 'it printed what reads as a matcher'
  const known = new Set(placeholders(before).map(({ name }) => name))
  if (placeholders(fresh.join('\n')).some(({ name }) => !known.has(name))) return 'it printed what reads as a variable'
  return undefined
}
