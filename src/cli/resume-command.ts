/** `proofbook run --resume RUN`: what is done is passed over, what is open is settled, the rest runs. */
import { BadInput } from '../runbook/errors.ts'
import { walk } from '../run/walk.ts'
import { askIn, decideIn } from './ask.ts'
import type { RunFlags } from './commands/run.ts'
import { decisions, refuseOtherCluster, reopen } from './earlier.ts'
import { interruptible } from './interrupt.ts'
import { createProgress } from './progress.ts'
import { lockFor, refuseSilence, tellEnd, withAdvice } from './run-parts.ts'
import { runView } from './run-view.ts'
import { standingText } from './standing-text.ts'
import { lockKeys, openTarget } from './target-for.ts'
import { givenValues, resolveFor, secretsFor, secretsOf } from './values.ts'
import { version } from './version.ts'

/** Flags that say what a run does: it was said when the run began. */
const FIXED = ['from', 'until', 'only', 'step', 'tags', 'set', 'inventory', 'context', 'dryRun'] as const

export async function resumeCommand(name: string, id: string | undefined, flags: RunFlags): Promise<void> {
  const run = await reopen(name)
  const { folder, journal, script, plan, how, values } = run
  refuse(run.begin.runbook, id, flags)
  const decided = decisions(run, { done: { steps: flags.done, as: 'done' }, again: { steps: flags.again, as: 'not-done' } })
  refuseSilence(flags)
  const given = await givenValues(secretsOf(script.meta.variables), flags)

  const screen = createProgress()
  using interrupt = interruptible(screen.note)
  const { signal } = interrupt
  const target = await openTarget(how, { plan, signal })
  refuseOtherCluster(run, target)
  await using _lock = await lockFor({ keys: lockKeys(how, target), target, run: folder.id, breakLock: flags.breakLock }, screen)
  const secrets = await secretsFor(script.meta.variables, resolveFor(given).secrets, signal)
  screen.note(`Goes on with run ${folder.id}: ${standingText(run)}`)
  screen.note(`This will change: ${target.summary}`)
  const result = await withAdvice(walk({
    script, target, values, secrets, folder, signal, decided,
    selection: how.selection,
    earlier: journal,
    proofbook: version(),
    listen: runView(screen, plan, { output: true }),
    ...askIn(plan, values, flags, signal),
    ...decideIn(signal, 'run'),
  }), step => `Look at it there, then go on with one of these:\n`
    + `  proofbook run --resume ${folder.id} --done ${step}    it is done\n`
    + `  proofbook run --resume ${folder.id} --again ${step}   run it again`)
  await tellEnd({ command: 'run', result, folder, page: script.meta.source, json: flags.json === true }, screen)
}

function refuse(runbook: string, id: string | undefined, flags: RunFlags): void {
  if (id !== undefined && id !== runbook) throw new BadInput(`received ${id} with --resume, expected ${runbook}, which the run is of, or nothing`)
  const given = FIXED.filter(flag => flags[flag] !== undefined)
  if (given.length > 0) {
    const shown = given.map(flag => `--${flag.replace('dryRun', 'dry-run')}`).join(', ')
    throw new BadInput(`received ${shown} with --resume, expected none of them: the run keeps what it was begun with; run the page anew to change it`)
  }
}
