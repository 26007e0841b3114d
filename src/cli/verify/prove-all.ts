/** Runs cells of the matrix: those of one lab one after the other in it, several labs side by side when asked. */
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
import { groupsOf, variantOf, type Cell } from '../../matrix/cells.ts'
import { proveIn, type Proven } from './one.ts'

export interface Page {
  readonly page: Opened
  readonly plan: readonly Planned[]
  readonly given: GivenValues
}

export interface ProveOptions {
  readonly screen: Screen
  readonly signal: AbortSignal
  /** Labs side by side. */
  readonly parallel: number
  /** How often a run that did not hold is tried again; what holds only then is flaky. */
  readonly retries: number
  /** Axes that were asked for, so that their values belong to the result's name. */
  readonly asked: { readonly cni: boolean, readonly cilium: boolean, readonly haproxy: boolean }
  readonly flags: VerifyFlags
  readonly project: Project
}

/** In the order of the cells, whatever order they ended in. @throws Interrupted between two runs */
export async function proveAll(cells: readonly Cell[], pages: ReadonlyMap<string, Page>, options: ProveOptions): Promise<Proven[]> {
  const groups = groupsOf(cells)
  const proven = new Map<Cell, Proven>()
  const worker = async (number: number): Promise<void> => {
    const lab = number === 0 ? options.flags.lab : `${options.flags.lab}-${number + 1}`
    for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
      await proveGroup(lab, group, pages, options, (cell, one) => proven.set(cell, one))
    }
  }
  // Each ends before a failure is told: a lab must not be taken from under another.
  const ends = await Promise.allSettled(Array.from({ length: Math.min(options.parallel, groups.length) }, (_, number) => worker(number)))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return cells.flatMap(cell => proven.get(cell) ?? [])
}

async function proveGroup(
  lab: string, cells: readonly Cell[], pages: ReadonlyMap<string, Page>, options: ProveOptions, done: (cell: Cell, proven: Proven) => void,
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

async function proveCell(place: Place, cell: Cell, { page, plan, given }: Page, options: ProveOptions): Promise<Proven> {
  const { screen, signal, flags, project, parallel, retries, asked } = options
  const started = performance.now()
  screen.note(`plan     ${cell.id} on ${cell.target}: ${countsText(plan)}`)
  const variant = variantOf(cell, asked)
  const destinations = {
    results: project.results,
    ...variant === undefined ? {} : { variant },
    ...flags.record ? { recorded: project.recorded } : {},
    ...flags.junit ? { junit: flags.junit } : {},
  }
  // Not loaded for what no page needs.
  const { bringPageImages } = await import('../../lab/images/page-images.ts')
  const once = async (): Promise<Proven> => {
    await bringPageImages(place.lab, page.module, screen, signal)
    if (page.script.meta.traffic.length > 0) await (await import('../../lab/traffic.ts')).bringProber(screen, signal)
    const proven = await proveIn(place.lab, {
      page, plan, given, root: project.root, destinations, signal, keep: flags.keep === true,
      ...flags.from === undefined ? {} : { from: flags.from },
      // Lines of several runs at once tell nothing.
      listen: parallel > 1 ? () => undefined : runView(screen, plan, { output: false }),
    })
    place.tell(proven.result)
    await appendHistory(project.history, proven.result)
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
