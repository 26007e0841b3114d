/** `proofbook mutate`: a page with one step left out after the other, each verified in a lab that is as new. */
import { duration } from '../report/duration.ts'
import { recordLeftOut, type LeftOut } from '../report/left-out.ts'
import { caughtBy } from '../report/mutants.ts'
import { excused } from '../run/excused.ts'
import type { Runbook } from '../runbook/model.ts'
import { stepsOf, withoutStep } from '../runbook/without-step.ts'
import { emitScript } from '../script/emit.ts'
import type { MutateFlags } from './commands/mutate.ts'
import { columns, print, printJson } from './output.ts'
import { exitCodeOfTrial, inTrial, isAsked, keepLine, openSubject, prove, rulesOf, type Judged, type Trial } from './verify/trial.ts'
import { version } from './version.ts'

/** Of one step: what missed it, or why nothing is known. */
interface Finding extends Judged {
  readonly step: string
  readonly line: number
  readonly caughtBy?: string
  readonly ms: number
}

/** Exit 1 when a step can be left out and everything holds; 4 when a lab broke, 130 when interrupted. */
export async function mutateCommand(id: string, flags: MutateFlags): Promise<void> {
  const subject = await openSubject(id, flags)
  const findings: Finding[] = []
  await inTrial('mutate', subject, flags, async (trial) => {
    for (const step of await stepsHere(trial, flags)) {
      if (trial.signal.aborted) break
      findings.push(await leaveOut(trial, step, flags))
    }
    tell(id, findings, flags)
  })
}

/** Those that run in this lab: a step of another distribution is not missed by anybody. */
async function stepsHere(trial: Trial, flags: MutateFlags): Promise<Runbook['blocks']> {
  const rules = await rulesOf(trial)
  return stepsOf(trial.runbook).filter(({ name }) => {
    const planned = trial.plan.find(block => block.kind === 'step' && block.name === name)!
    return isAsked(flags, name) && excused(rules, planned) === undefined
  })
}

async function leaveOut(trial: Trial, { name, position: { line } }: Runbook['blocks'][number], flags: MutateFlags): Promise<Finding> {
  const { runbook, cell, page, screen } = trial
  const started = performance.now()
  const module = emitScript(withoutStep(runbook, name), { version: version() })
  const result = await screen.stage(`without  ${name}`, () => prove(trial, { page: { ...page, module } }))
  const ms = performance.now() - started
  const { verdict, reason = verdict, finishedAt } = result
  if (!['verified', 'stand-in', 'failed'].includes(verdict)) return { step: name, line, notJudged: reason, ms }
  const caught = caughtBy(result)
  const found: LeftOut = {
    schema: 1, runbook: cell.id, target: cell.target, step: name, page: runbook.sha256, ...caught === undefined ? {} : { caughtBy: caught }, finishedAt,
  }
  await keepLine('left-out.jsonl', file => recordLeftOut(file, found), result, flags)
  return { step: name, line, ...caught === undefined ? {} : { caughtBy: caught }, ms }
}

function tell(id: string, findings: readonly Finding[], { json }: MutateFlags): void {
  const judged = findings.filter(({ notJudged }) => notJudged === undefined)
  const survivors = judged.filter(one => one.caughtBy === undefined)
  process.exitCode = exitCodeOfTrial(findings, survivors.length)
  if (json) return printJson('mutate', { runbook: id, steps: findings })
  print([
    columns(findings.map(({ step, line, caughtBy: caught, notJudged, ms }) => notJudged !== undefined
      ? ['no word', `line ${line}`, step, notJudged, duration(ms)]
      : [caught === undefined ? 'SURVIVED' : 'caught', `line ${line}`, step, caught ?? 'everything held without it', duration(ms)])),
    `${judged.length - survivors.length} of ${judged.length} steps are missed when they are left out${
      survivors.length === 0 ? '' : `; add a check that fails without ${survivors.length === 1 ? 'the other' : 'each of the others'}, or take the step off the page`}`,
  ].join('\n'))
}
