/** What `mutate` and `abort` share: one page in one lab, tried again and again, each time in a lab that is as new. */
import { join } from 'node:path'
import { cellsOf, type Cell } from '../../matrix/cells.ts'
import type { Result } from '../../report/result.ts'
import { readResults } from '../../report/store.ts'
import type { Rules } from '../../run/excused.ts'
import { planOf, type Planned } from '../../run/plan.ts'
import { BadInput } from '../../runbook/errors.ts'
import type { Runbook } from '../../runbook/model.ts'
import { stepNamed } from '../../runbook/without-step.ts'
import { labTarget } from '../../target/lab.ts'
import { axesOf, type AxesFlags } from '../axes.ts'
import { openRunbook, shippedResults } from '../book.ts'
import { interruptible } from '../interrupt.ts'
import { labFor, labSpec, type Place } from '../lab-for.ts'
import type { ValueOptions } from '../options.ts'
import { createProgress, type Screen } from '../progress.ts'
import { project } from '../project.ts'
import { openScript, type Opened } from '../script.ts'
import { givenValues, type GivenValues } from '../values.ts'
import { bringNeeds, proveIn, type Job } from './one.ts'
import { prepare } from './prepare.ts'
import { refuseRecord } from './refuse-record.ts'

export interface TrialFlags extends ValueOptions, AxesFlags {
  readonly lab: string
  readonly step?: readonly string[]
  readonly record?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

/** A page and all that is known of it before there is a lab. */
export interface Subject {
  readonly runbook: Runbook
  readonly page: Opened
  readonly plan: readonly Planned[]
  readonly given: GivenValues
  readonly cell: Cell
}

export interface Trial extends Subject {
  readonly place: Place
  readonly screen: Screen
  readonly signal: AbortSignal
  /** The command: its results are kept in a folder of this name, since of the page as it is written they say nothing. */
  readonly name: string
}

/** Of one step: what was found out, or why nothing is known. */
export interface Judged {
  readonly notJudged?: string
}

/** @throws BadInput for a page that is not sound, a step that it does not have, and for more than one target, network and release */
export async function openSubject(id: string, flags: TrialFlags): Promise<Subject> {
  refuseRecord(flags)
  const page = await openScript(id)
  const runbook = await openRunbook(id, { gates: true })
  const [cell, other] = cellsOf([page.script.meta], axesOf(flags, { named: true }))
  if (cell === undefined || other !== undefined) throw new BadInput(`received ${flags.on} for ${id}, expected one target, one network and one release`)
  for (const name of flags.step ?? []) stepNamed(runbook, name)
  return { runbook, page, cell, plan: await planOf(page.script), given: await givenValues(page.script.meta.variables, flags) }
}

/** Whether a step is to be tried: all are where none was named. */
export const isAsked = ({ step }: TrialFlags, name: string): boolean => (step ?? [name]).includes(name)

/** Does this in a lab that is gone afterwards, or as it was. The page itself has to hold. @throws BadInput, Interrupted */
export async function inTrial(name: string, subject: Subject, flags: TrialFlags, work: (trial: Trial) => Promise<void>): Promise<void> {
  const screen = createProgress()
  using interrupt = interruptible(screen.note)
  const { signal } = interrupt
  await prepare(screen, flags, signal)
  await using place = await labFor(labSpec(flags.lab, subject.cell), screen, { signal, keep: false, any: false })
  const trial: Trial = { ...subject, place, screen, signal, name }
  await expectHeld(trial)
  await work(trial)
}

/** What fails anyway tells nothing of a part of it. @throws BadInput */
async function expectHeld(trial: Trial): Promise<void> {
  const { cell, runbook, screen } = trial
  const { results, recorded } = project()
  const known = (await readResults([results, recorded, ...shippedResults()]))
    .find(result => result.runbook === cell.id && result.target === cell.target && result.source.sha256 === runbook.sha256)
  if (known?.verdict === 'verified') return screen.note(`as it is ${cell.id} was verified on ${known.finishedAt}`)
  const result = await screen.stage(`as it is ${cell.id}`, () => prove(trial))
  if (result.verdict !== 'verified' && result.verdict !== 'stand-in') {
    throw new BadInput(`${cell.id}: received ${result.verdict}${result.reason === undefined ? '' : ` (${result.reason})`} with all of its steps, expected verified. Try: proofbook verify ${cell.id} --on ${cell.target}`)
  }
}

/** What runs in this lab, and what does not. */
export async function rulesOf({ place: { lab }, plan }: Pick<Trial, 'place' | 'plan'>): Promise<Rules> {
  return { target: await labTarget(lab), left: () => undefined, plan, drills: true }
}

/** @param how what differs from the page as it is, gone through as a whole */
export async function prove({ place, name, page, plan, given, screen, signal }: Trial, how: Partial<Pick<Job, 'page' | 'abort'>> = {}): Promise<Result> {
  const { root } = project()
  await place.refresh()
  await bringNeeds(place.lab, how.page ?? page, screen, signal)
  const { result } = await proveIn(place.lab, {
    page, plan, given, ...how, root: join(root, name), destinations: { results: join(root, name, 'results') },
    signal, keep: false, listen: () => undefined,
  })
  place.tell(result)
  return result
}

/** Keeps what was found out about a step for this clone and, where --record was given, for the site. @param append one line to a file */
export async function keepLine(name: string, append: (file: string) => Promise<void>, { standIn }: Result, { record }: TrialFlags): Promise<void> {
  const { root, recorded } = project()
  await append(join(root, name))
  // A stand-in proves nothing of the target, neither way.
  if (record && standIn === undefined) await append(join(recorded, '..', name))
}

/** 1 when something was found, 4 when a lab broke, 130 when interrupted. */
export function exitCodeOfTrial(findings: readonly Judged[], found: number): number {
  if (found > 0) return 1
  if (findings.some(({ notJudged }) => notJudged === 'interrupted')) return 130
  return findings.some(({ notJudged }) => notJudged !== undefined) ? 4 : 0
}
