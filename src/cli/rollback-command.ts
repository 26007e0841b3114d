/** `proofbook rollback RUN`: what a run did is undone, last step first, with the reader's consent. */
import { rollback, toUndo } from '../run/rollback.ts'
import { confirmUndo, decideIn } from './ask.ts'
import type { RollbackFlags } from './commands/rollback.ts'
import { decisions, refuseOtherCluster, reopen } from './earlier.ts'
import { interruptible } from './interrupt.ts'
import { createProgress } from './progress.ts'
import { lockFor, refuseSilence, tellEnd, withAdvice } from './run-parts.ts'
import { runView } from './run-view.ts'
import { lockKeys, openTarget } from './target-for.ts'
import { givenValues, resolveFor, secretsFor, secretsOf } from './values.ts'
import { version } from './version.ts'

export async function rollbackCommand(name: string, flags: RollbackFlags): Promise<void> {
  const run = await reopen(name)
  const { folder, journal, script, plan, how, values, standing } = run
  const names = toUndo(standing, flags.to)
  const decided = decisions(run, { done: { steps: flags.done, as: 'done' }, leave: { steps: flags.leave, as: 'not-done' } })
  refuseSilence(flags)
  const given = await givenValues(secretsOf(script.meta.variables), flags)

  const screen = createProgress()
  using interrupt = interruptible(screen.note)
  const { signal } = interrupt
  const target = await openTarget(how, { plan, signal })
  refuseOtherCluster(run, target)
  await using _lock = await lockFor({ keys: lockKeys(how, target), target, run: folder.id, breakLock: flags.breakLock }, screen)
  const secrets = await secretsFor(script.meta.variables, resolveFor(given).secrets, signal)
  screen.note(`This will change: ${target.summary}`)
  screen.note(names.length === 0 ? 'Undoes nothing: no step of the run is done' : `Undoes ${names.join(', ')}`)
  const result = await withAdvice(rollback({
    script, target, values, secrets, folder, signal, decided,
    earlier: journal,
    proofbook: version(),
    listen: runView(screen, plan, { output: true }),
    ...flags.to === undefined ? {} : { to: flags.to },
    ...flags.yes ? {} : { confirm: confirmUndo(plan, values, signal) },
    ...decideIn(signal, 'rollback'),
  }), step => `Look at it there, then go on with one of these:\n`
    + `  proofbook rollback ${folder.id} --done ${step}    it is done: undo it\n`
    + `  proofbook rollback ${folder.id} --leave ${step}   it is not done: leave it alone`)
  await tellEnd({ command: 'rollback', result, folder, page: script.meta.source, json: flags.json === true }, screen)
}
