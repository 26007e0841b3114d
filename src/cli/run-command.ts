/** `proofbook run`: page, values, target, lock, then step by step with the reader's consent. */
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { BadInput } from '../runbook/errors.ts'
import { createRunFolder, stateRoot } from '../run/folder.ts'
import { planOf } from '../run/plan.ts'
import { select, type Selection } from '../run/select.ts'
import { walk } from '../run/walk.ts'
import { loadScript } from '../script/load.ts'
import { askIn } from './ask.ts'
import type { RunFlags } from './commands/run.ts'
import { interruptible } from './interrupt.ts'
import { printJson, print } from './output.ts'
import { countsText, planText } from './plan-text.ts'
import { createProgress } from './progress.ts'
import { lockFor, refuseSilence, tellEnd } from './run-parts.ts'
import { runView } from './run-view.ts'
import { openScript } from './script.ts'
import { checkTarget, lockKeys, openTarget } from './target-for.ts'
import { givenValues, promptValues, resolveFor, secretsFor } from './values.ts'
import { version } from './version.ts'

export async function runCommand(id: string | undefined, flags: RunFlags): Promise<void> {
  if (flags.resume !== undefined) return (await import('./resume-command.ts')).resumeCommand(flags.resume, id, flags)
  if (id === undefined) throw new BadInput('received no runbook, expected one (proofbook run haproxy/external-load-balancer) or --resume RUN')
  for (const flag of ['done', 'again'] as const) {
    if (flags[flag]) throw new BadInput(`received --${flag} ${flags[flag].join(', ')} for a new run, expected it with --resume`)
  }
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
  refuseSilence(flags)
  const screen = createProgress()
  using interrupt = interruptible(screen.note)
  const { signal } = interrupt
  const target = await openTarget(flags, { plan: plan.filter(block => left(block) === undefined), signal })
  const resolved = resolveFor(given, target)
  const values = flags.yes ? resolved.values : await promptValues(meta.variables, resolved, signal)
  const secrets = await secretsFor(meta.variables, resolved.secrets, signal)
  screen.note(`This will change: ${target.summary}`)
  screen.note(`Risk: ${meta.risk}. Plan: ${countsText(plan)}.`)

  const folder = createRunFolder(stateRoot(), meta.id, module)
  await using _lock = await lockFor({ keys: lockKeys(flags, target), target, run: folder.id, breakLock: flags.breakLock }, screen)
    .catch((error: unknown) => {
      // A run that could not begin leaves nothing behind.
      rmSync(folder.path, { recursive: true })
      throw error
    })
  const result = await walk({
    script: await loadScript(folder.script),
    target, values, secrets, selection, folder, signal,
    proofbook: version(),
    how: { ...howOf(flags, selection), ...target.cluster === undefined ? {} : { cluster: target.cluster } },
    listen: runView(screen, plan, { output: true }),
    ...askIn(plan, values, flags, signal),
  })
  await tellEnd({ command: 'run', result, folder, page: meta.source, json: flags.json === true }, screen)
}

/** What another process needs to go on with a run, beside what its journal and script say. */
export interface How {
  readonly target: string
  readonly inventory?: string
  readonly context?: string
  readonly lab: string
  readonly cluster?: string
  readonly selection: Selection
}

function howOf({ target, inventory, context, lab }: RunFlags, selection: Selection): How & Record<string, unknown> {
  return { target, ...inventory === undefined ? {} : { inventory: resolve(inventory) }, ...context === undefined ? {} : { context }, lab, selection }
}

function selectionOf({ from, until, only, step, tags }: Pick<RunFlags, 'from' | 'until' | 'only' | 'step' | 'tags'>): Selection {
  if (step !== undefined) {
    if (from !== undefined || until !== undefined || only !== undefined) throw new BadInput('received --step with --from, --until or --only, expected one or the other')
    return selectionOf({ from: step, until: step, ...tags === undefined ? {} : { tags } })
  }
  return {
    ...tags === undefined ? {} : { tags: tags.split(',').map(tag => tag.trim()) },
    ...from === undefined ? {} : { from },
    ...until === undefined ? {} : { until },
    ...only === undefined ? {} : { only },
  }
}
