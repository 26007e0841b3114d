/** Which part of a page runs: `--from`, `--until`, `--only` (and shows: `--step`). */
import { BadInput } from '../runbook/errors.ts'
import { didYouMean } from '../runbook/suggest.ts'
import { walkable, type Planned } from './plan.ts'

export interface Selection {
  readonly from?: string
  readonly until?: string
  readonly only?: string
  readonly step?: string
}

/** Tells of each block why it is left out, undefined when it runs. */
export type Left = (block: Planned) => string | undefined

/**
 * `--from` runs the block of that name and all after it, `--until` all up to it and the checks that follow it.
 * @throws BadInput when a name is not in the plan.
 */
export function select(plan: readonly Planned[], selection: Selection): Left {
  const page = plan.filter(walkable).toSorted((a, b) => a.line - b.line)
  const lineOf = (flag: string, name: string): number => {
    const block = page.find(candidate => candidate.name === name)
    if (block) return block.line
    const names = page.map(candidate => candidate.name)
    throw new BadInput(`received ${flag} ${name}, expected a step, check or drill of this page`
      + (didYouMean(name, names) || `: ${names.join(', ')}`))
  }
  for (const flag of ['only', 'step'] as const) {
    const name = selection[flag]
    if (name === undefined) continue
    lineOf(`--${flag}`, name)
    return block => block.name === name ? undefined : `--${flag} ${name}`
  }
  const first = selection.from === undefined ? 0 : lineOf('--from', selection.from)
  const last = selection.until === undefined ? Infinity : endOf(page, lineOf('--until', selection.until))
  return block => {
    if (block.line < first) return `--from ${selection.from}`
    if (block.line > last) return `--until ${selection.until}`
    return undefined
  }
}

/** Line of the last check that belongs to the block at `line`. */
function endOf(page: readonly Planned[], line: number): number {
  let end = line
  for (const block of page) {
    if (block.line <= line) continue
    if (block.kind !== 'check') break
    end = block.line
  }
  return end
}
