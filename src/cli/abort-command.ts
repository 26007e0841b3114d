/** `proofbook abort`: a page stopped after one step after the other, each time gone back to what was before. */
import { recordAbort, type AbortLine } from '../report/abort-points.ts'
import { duration } from '../report/duration.ts'
import type { Result } from '../report/result.ts'
import { abortPoints, refuseUnknownChecks, type AbortPoint } from '../run/abort.ts'
import { excused } from '../run/excused.ts'
import type { AbortFlags } from './commands/abort.ts'
import { columns, print, printJson } from './output.ts'
import { exitCodeOfTrial, inTrial, isAsked, keepLine, openSubject, prove, rulesOf, type Judged, type Trial } from './verify/trial.ts'

/** Of one step: whether one can go back after it. */
interface Finding extends Judged {
  readonly step: string
  readonly line: number
  readonly failed?: string
  /** It did not come as far as the point: that says nothing of the way back. */
  readonly onTheWay?: string
  /** Why the page gives it no undo. */
  readonly noUndo?: string
  readonly ms: number
}

interface NotHere {
  readonly step: string
  readonly line: number
  readonly reason: string
}

/** Exit 1 when one cannot go back from somewhere; 4 when a lab broke, 130 when interrupted. */
export async function abortCommand(id: string, flags: AbortFlags): Promise<void> {
  const subject = await openSubject(id, flags)
  refuseUnknownChecks('--again', subject.plan, flags.again ?? [])
  await inTrial('abort', subject, flags, async (trial) => {
    const rules = await rulesOf(trial)
    const notHere = trial.plan.flatMap((block): NotHere[] => {
      const excuse = block.kind === 'step' && isAsked(flags, block.name) ? excused(rules, block) : undefined
      return excuse === undefined ? [] : [{ step: block.name, line: block.line, reason: excuse.reason }]
    })
    const findings: Finding[] = []
    for (const point of abortPoints(rules).filter(({ step }) => isAsked(flags, step.name))) {
      if (trial.signal.aborted) break
      findings.push(await stopAfter(trial, point, flags))
    }
    tell(id, findings, notHere, flags)
  })
}

async function stopAfter(trial: Trial, { step: { name, line, noRollback }, before }: AbortPoint, flags: AbortFlags): Promise<Finding> {
  const { runbook, cell, screen } = trial
  const started = performance.now()
  const again = flags.again ?? []
  const result = await screen.stage(`after    ${name}`, () => prove(trial, { abort: { again, ...before === undefined ? {} : { before } } }))
  const finding = { step: name, line, ...noRollback === undefined ? {} : { noUndo: noRollback }, ms: performance.now() - started }
  const { verdict, reason = verdict, finishedAt } = result
  if (verdict === 'infrastructure-error') return { ...finding, notJudged: reason }
  if (endedOnTheWay(result)) return { ...finding, onTheWay: reason }
  const found: AbortLine = {
    schema: 1, runbook: cell.id, target: cell.target, step: name, page: runbook.sha256,
    ...verdict === 'failed' ? { failed: reason } : {}, ...again.length === 0 ? {} : { again }, finishedAt,
  }
  await keepLine('abort-points.jsonl', file => recordAbort(file, found), result, flags)
  return { ...finding, ...verdict === 'failed' ? { failed: reason } : {} }
}

/** A block failed before the point was reached. What was undone after that may have failed as well, and comes later. */
function endedOnTheWay({ verdict, blocks, failure }: Result): boolean {
  if (verdict !== 'failed' || failure === undefined) return false
  const phase = blocks.find(({ status }) => status === 'failed')?.phase
  return phase === 'precheck' || phase === 'steps'
}

function tell(id: string, findings: readonly Finding[], notHere: readonly NotHere[], { json }: AbortFlags): void {
  const reached = findings.filter(({ notJudged, onTheWay }) => notJudged === undefined && onTheWay === undefined)
  const held = reached.filter(({ failed }) => failed === undefined)
  const wrong = findings.filter(({ failed, onTheWay }) => failed !== undefined || onTheWay !== undefined)
  process.exitCode = exitCodeOfTrial(findings, wrong.length)
  if (json) return printJson('abort', { runbook: id, steps: findings, notHere })
  print([
    columns([...findings.map(row), ...notHere.map(({ step, line, reason }) => ['not here', `line ${line}`, step, reason])]),
    `one can go back after ${held.length} of ${reached.length} steps${
      held.length === reached.length ? '' : `; mend the undo of each of the others, or of a step above it`}`,
  ].join('\n'))
}

function row({ step, line, failed, onTheWay, notJudged, noUndo, ms }: Finding): string[] {
  const [word, what] = notJudged !== undefined ? ['no word', notJudged]
    : onTheWay !== undefined ? ['NOT REACHED', onTheWay]
      : failed !== undefined ? ['NO WAY BACK', failed]
        : ['went back', `all is as before${noUndo === undefined ? '' : `; it has no undo of its own: ${noUndo}`}`]
  return [word, `line ${line}`, step, what, duration(ms)]
}
