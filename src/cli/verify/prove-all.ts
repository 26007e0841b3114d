/** Runs cells of the matrix: those of one lab one after the other in it, several parts of the matrix side by side. */
import { join } from 'node:path'
import { duration } from '../../report/duration.ts'
import { appendHistory } from '../../report/history.ts'
import type { Result } from '../../report/result.ts'
import { isVerdict } from '../../report/stand-in.ts'
import { Interrupted } from '../../run/errors.ts'
import type { Planned } from '../../run/plan.ts'
import type { VerifyFlags } from '../commands/verify.ts'
import { failureText, verdictLine } from '../failure.ts'
import { refile } from '../file-result.ts'
import { labFor, labSpec, type Place } from '../lab-for.ts'
import { print } from '../output.ts'
import { countsText } from '../plan-text.ts'
import type { Screen } from '../progress.ts'
import type { Project } from '../project.ts'
import { runView } from '../run-view.ts'
import type { Opened } from '../script.ts'
import type { GivenValues } from '../values.ts'
import { compareCells, groupsOf, variantOf, type Cell } from '../../matrix/cells.ts'
import { bringNeeds, proveIn, type Proven } from './one.ts'

export interface Page {
  readonly page: Opened
  readonly plan: readonly Planned[]
  readonly given: GivenValues
}

export interface ProveOptions {
  readonly screen: Screen
  readonly signal: AbortSignal
  /** How often a run that did not hold is tried again; what holds only then is flaky. */
  readonly retries: number
  /** Axes that were asked for, so that their values belong to the result's name. */
  readonly asked: { readonly cni: boolean, readonly cilium: boolean, readonly haproxy: boolean }
  readonly flags: VerifyFlags
  readonly project: Project
}

/**
 * @param parts of the matrix, each with one lab after the other; the parts run side by side
 * @returns in the order of the cells, whatever order they ended in
 * @throws Interrupted between two runs
 */
export async function proveAll(parts: readonly (readonly Cell[])[], pages: ReadonlyMap<string, Page>, options: ProveOptions): Promise<Proven[]> {
  const proven = new Map<Cell, Proven>()
  const worker = async (cells: readonly Cell[], number: number): Promise<void> => {
    const lab = number === 0 ? options.flags.lab : `${options.flags.lab}-${number + 1}`
    // Lines of several runs at once tell nothing.
    const silent = parts.length > 1
    for (const group of groupsOf(cells)) await proveGroup(lab, group, pages, { ...options, silent }, (cell, one) => proven.set(cell, one))
  }
  // Each ends before a failure is told: a lab must not be taken from under another.
  const ends = await Promise.allSettled(parts.map(worker))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return parts.flat().toSorted(compareCells).flatMap(cell => proven.get(cell) ?? [])
}

type InPart = ProveOptions & { readonly silent: boolean }

async function proveGroup(
  lab: string, cells: readonly Cell[], pages: ReadonlyMap<string, Page>, options: InPart, done: (cell: Cell, proven: Proven) => void,
): Promise<void> {
  const { screen, signal, flags } = options
  const [first] = cells
  if (first === undefined) return
  await using place = await labFor(labSpec(lab, first), screen, { signal, keep: flags.keep === true, any: flags.from !== undefined })
  for (const [index, cell] of cells.entries()) {
    if (index > 0) await place.refresh()
    if (signal.aborted) throw new Interrupted()
    done(cell, await proveCell(place, cell, pages.get(cell.id)!, options))
  }
}

async function proveCell(place: Place, cell: Cell, { page, plan, given }: Page, options: InPart): Promise<Proven> {
  const { screen, signal, flags, project, silent, retries, asked } = options
  const started = performance.now()
  screen.note(`plan     ${cell.id} on ${cell.target}: ${countsText(plan)}`)
  const variant = variantOf(cell, asked)
  // A cluster of another size says nothing of the page on its own: no site and no history may take the one for the other.
  const results = cell.agents === undefined ? project.results : join(project.root, `agents-${cell.agents}`, 'results')
  const destinations = {
    results,
    ...variant === undefined ? {} : { variant },
    ...flags.record ? { recorded: project.recorded } : {},
    ...flags.junit ? { junit: flags.junit } : {},
  }
  const once = async (): Promise<Proven> => {
    await bringNeeds(place.lab, page, screen, signal)
    const proven = await proveIn(place.lab, {
      page, plan, given, root: project.root, destinations, signal, keep: flags.keep === true,
      ...flags.from === undefined ? {} : { selection: { from: flags.from } },
      listen: silent ? () => undefined : runView(screen, plan, { output: false }),
    })
    place.tell(proven.result)
    if (cell.agents === undefined) await appendHistory(project.history, proven.result)
    if (proven.result.failure) screen.note(failureText(proven.result.failure, page.script.meta.source, whatNext(cell, flags, proven.result)))
    return proven
  }
  let proven = await once()
  for (let retry = 1; retry <= retries && !isHeld(proven.result) && !signal.aborted; retry++) {
    screen.note(`retry    ${cell.id}: ${proven.result.verdict}, tried again (${retry} of ${retries})`)
    await place.refresh()
    const { reason: first = proven.result.verdict } = proven.result
    proven = flaky(await once(), retry, first)
    await refile(proven, destinations)
  }
  if (!flags.json) {
    print(verdictLine(proven.result, duration(performance.now() - started)))
    for (const [what, file] of Object.entries(proven.files)) print(`         ${what.padEnd(8)} ${file}`)
  }
  return proven
}

const isHeld = (result: Result): boolean => isVerdict(result) && result.verdict !== 'failed'

/** What held only when it was tried again is never verified. */
function flaky(proven: Proven, retries: number, first: string): Proven {
  const { result } = proven
  if (result.verdict !== 'verified') return { ...proven, result: { ...result, retries } }
  return { ...proven, result: { ...result, verdict: 'flaky', retries, reason: `it held at try ${retries + 1}; before: ${first}` } }
}

function whatNext({ id, target }: Cell, { keep, lab }: VerifyFlags, { failure }: Result): string[] {
  const name = lab === 'lab' ? '' : ` --lab ${lab}`
  if (!keep) return [`--keep leaves the lab up after a failure, to look around and to go on from there`]
  return [
    `the lab is still up; go on: npx proofbook verify ${id} --on ${target}${name} --keep --from ${failure?.name}`,
    `remove it: npx proofbook lab down${name}`,
  ]
}
