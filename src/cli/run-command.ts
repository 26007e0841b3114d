/** `proofbook run`: page, values, target, then step by step with the reader's consent. */
import { relative } from 'node:path'
import { html } from '../report/html.ts'
import { writeText } from '../report/store.ts'
import type { Result } from '../report/result.ts'
import { BadInput } from '../runbook/errors.ts'
import { createRunFolder } from '../run/folder.ts'
import { planOf } from '../run/plan.ts'
import { select, type Selection } from '../run/select.ts'
import { walk } from '../run/walk.ts'
import { loadScript } from '../script/load.ts'
import type { RunFlags } from './commands/run.ts'
import { failureText } from './failure.ts'
import { interruptible } from './interrupt.ts'
import { print, printJson } from './output.ts'
import { countsText, planText } from './plan-text.ts'
import { createProgress } from './progress.ts'
import { project } from './project.ts'
import { runView } from './run-view.ts'
import { openScript } from './script.ts'
import { checkTarget, openTarget } from './target-for.ts'
import { canAsk } from './terminal.ts'
import { givenValues, promptValues, resolveFor } from './values.ts'
import { version } from './version.ts'

export async function runCommand(id: string, flags: RunFlags): Promise<void> {
  const { script: page, module } = await openScript(id)
  const { meta } = page
  const plan = await planOf(page)
  const selection = selectionOf(flags)
  const left = select(plan, selection)
  const given = await givenValues(meta.variables, flags)

  if (flags.dryRun) {
    const { values } = resolveFor(given)
    const chosen = plan.filter(block => left(block) === undefined)
    if (flags.json) return printJson('run', { dryRun: true, values, blocks: chosen })
    return print(planText(chosen, values))
  }

  checkTarget(flags)
  const asking = !flags.yes
  if (asking && !canAsk()) {
    throw new BadInput('no terminal to ask on: received neither a terminal nor --yes, expected one of them (--dry-run shows what would run)')
  }

  const screen = createProgress()
  using interrupt = interruptible(screen.note)
  const { signal } = interrupt
  const target = await openTarget(flags)
  const resolved = resolveFor(given, target)
  const values = asking ? await promptValues(meta.variables, resolved, signal) : resolved.values
  screen.note(`This will change: ${target.summary}`)
  screen.note(`Risk: ${meta.risk}. Plan: ${countsText(plan)}.`)

  const folder = createRunFolder(project().root, meta.id, module)
  const result = await walk({
    script: await loadScript(folder.script),
    target, values, selection, folder, signal,
    proofbook: version(),
    listen: runView(screen, plan, { output: true }),
    ...asking ? { ask: (await import('./ask.ts')).askBefore(plan, values, signal) } : {},
  })
  await writeText(folder.report, html(result))

  process.exitCode = exitCodeOf(result)
  if (result.failure) screen.note(failureText(result.failure, meta.source, [`go on after a repair: npx proofbook run ${id} --from ${result.failure.name}`]))
  const files = { folder: relative(process.cwd(), folder.path), report: relative(process.cwd(), folder.report) }
  if (flags.json) return printJson('run', { ok: process.exitCode === 0, result, files })
  print(`${process.exitCode === 0 ? 'done' : result.verdict === 'failed' ? 'failed' : result.reason} ${meta.id} on ${target.name}   journal: ${files.folder}`)
}

function selectionOf({ from, until, only }: RunFlags): Selection {
  return {
    ...from === undefined ? {} : { from },
    ...until === undefined ? {} : { until },
    ...only === undefined ? {} : { only },
  }
}

/** A run proves nothing, so that `not-run` is its good end; one that the reader stopped is not complete. */
function exitCodeOf({ verdict, reason }: Result): number {
  if (verdict === 'failed') return 1
  if (verdict === 'infrastructure-error') return reason === 'interrupted' ? 130 : 3
  return reason?.startsWith('stopped') ? 130 : 0
}
