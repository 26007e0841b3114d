/** Which part of a page runs: `--from`, `--until`, `--only`, `--tags` (and shows: `--step`). */
import { BadInput } from '../runbook/errors.ts'
import { didYouMean } from '../runbook/suggest.ts'
import { walkable, type Planned } from './plan.ts'

export interface Selection {
  readonly from?: string
  readonly until?: string
  readonly only?: string
  readonly step?: string
  readonly tags?: readonly string[]
}

/** Tells of each block why it is left out, undefined when it runs. */
export type Left = (block: Planned) => string | undefined

/**
 * `--from` runs the block of that name and all after it, `--until` all up to it and the checks that follow it. `--tags`
 * leaves out what has none of these tags; a check without tags goes with its step, a precheck without tags always runs.
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
  const tagged = selection.tags === undefined ? () => true : byTags(page, selection.tags)
  return block => {
    if (block.line < first) return `--from ${selection.from}`
    if (block.line > last) return `--until ${selection.until}`
    return tagged(block) ? undefined : `--tags ${selection.tags!.join(',')}`
  }
}

/** @param page in page order */
function byTags(page: readonly Planned[], tags: readonly string[]): (block: Planned) => boolean {
  const known = [...new Set(page.flatMap(block => block.tags))]
  for (const tag of tags) {
    if (known.includes(tag)) continue
    throw new BadInput(`received --tags ${tag}, expected a tag of this page${didYouMean(tag, known) || `: ${known.join(', ') || 'it has none'}`}`)
  }
  const has = (block: Planned | undefined): boolean => block?.tags.some(tag => tags.includes(tag)) ?? false
  return block => {
    if (has(block)) return true
    if (block.tags.length > 0) return false
    if (block.kind === 'check') return has(page.findLast(({ kind, line }) => kind === 'step' && line < block.line))
    return block.kind === 'precheck' || !walkable(block)
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
